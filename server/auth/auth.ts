/**
 * Signing in with a username and a password, on better-auth: its sessions, its cookies, its password hashes. Everything it could
 * do besides (signing up, mail, linking accounts) is off. Who may do what is not its business: see can.ts.
 */
import { type BetterAuthOptions, betterAuth } from "better-auth";
import { nextCookies } from "better-auth/next-js";
import { username } from "better-auth/plugins";

export type AuthOptions = {
  /** what server/db hands out for it */
  readonly storage: unknown;
  readonly secret: string;
  readonly origins: readonly string[];
};

export const passwordLengthMin = 8;
export const passwordLengthMax = 128;
export const usernamePattern = /^[a-z0-9][a-z0-9._-]{1,29}$/;
export const sessionS = 7 * 24 * 3600;

export type Auth = ReturnType<typeof createAuth>;

export function createAuth({ storage, secret, origins }: AuthOptions) {
  const baseURL = origins[0] ?? "http://127.0.0.1:3000";
  const isSecure = baseURL.startsWith("https:");
  return betterAuth({
    appName: "Sluice",
    baseURL,
    basePath: "/api/auth",
    secret,
    trustedOrigins: [...origins],
    // server/db alone knows what this is
    database: storage as NonNullable<BetterAuthOptions["database"]>,
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLengthMin,
      maxPasswordLength: passwordLengthMax,
    },
    user: { additionalFields: { role: { type: "string", required: true, defaultValue: "viewer", input: false } } },
    session: {
      expiresIn: sessionS,
      disableSessionRefresh: true,
      // every request asks the database: a session that was revoked is dead at once
      cookieCache: { enabled: false },
    },
    // counted in lockout.ts, per account and address
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: "sluice",
      useSecureCookies: isSecure,
      defaultCookieAttributes: { httpOnly: true, sameSite: "strict", secure: isSecure, path: "/" },
    },
    plugins: [
      username({
        minUsernameLength: 2,
        maxUsernameLength: 30,
        usernameValidator: (text) => usernamePattern.test(text.toLowerCase()),
      }),
      nextCookies(),
    ],
  });
}
