/** Auth as the environment wants it: built at the first use of a database, and again when that was replaced. */
import { randomBytes } from "node:crypto";
import { fail, ok, type Result } from "../core/result.ts";
import type { Database, SessionsRepository } from "../db/repositories.ts";
import { sharedDatabase } from "../db/shared-database.ts";
import { webEnv } from "../platform/web-env.ts";
import { type Auth, createAuth } from "./auth.ts";
import { createLockout, type Lockout } from "./lockout.ts";
import { ownOrigins } from "./origin.ts";
import { readOrMakeSecret } from "./secret-file.ts";

export type AuthRuntime = {
  readonly auth: Auth;
  readonly lockout: Lockout;
  readonly sessions: SessionsRepository;
  readonly database: Database;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly newToken: () => string;
};

const slot = globalThis as unknown as { sluiceAuth?: AuthRuntime };

export async function authRuntime(): Promise<Result<AuthRuntime>> {
  const env = webEnv();
  const database = await sharedDatabase(env.databaseUrl);
  if (!database.ok) return database;
  if (slot.sluiceAuth?.database === database.value) return ok(slot.sluiceAuth);
  const secret = readOrMakeSecret(env.dataDir, "auth-secret", newToken);
  if (!secret.ok) return secret;
  if (secret.value.length < 32) return fail("storage", "The file auth-secret is damaged; remove it to make a new one");
  const origins = env.origins.flatMap((origin) => [...ownOrigins(origin)]);
  const made = {
    auth: createAuth({
      storage: database.value.authStorage,
      secret: secret.value,
      origins: [...env.origins, ...origins],
    }),
    lockout: createLockout(database.value.lockouts),
    sessions: database.value.sessions,
    database: database.value,
    dataDir: env.dataDir,
    nowMs: Date.now,
    newToken,
  };
  slot.sluiceAuth = made;
  return ok(made);
}

function newToken(): string {
  return randomBytes(32).toString("base64url");
}
