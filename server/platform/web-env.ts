/** The web process's environment, parsed once. Defaults suit a host, so that little has to be set. */
import { join } from "node:path";
import * as z from "zod/mini";
import { type Network, parseNetwork } from "../core/farm/networks.ts";
import { fail, ok, type Result } from "../core/result.ts";

export type WebEnv = {
  readonly socketPath: string;
  /** state folder: secret, setup token, and the database unless it is named */
  readonly dataDir: string;
  /** file:/absolute/path.db */
  readonly databaseUrl: string;
  /** where browsers find us; the first is the one people are told */
  readonly origins: readonly string[];
  readonly isLab: boolean;
  /** notifications may go there although it is loopback or link-local */
  readonly notifyNetworks: readonly Network[];
  /** where long history is asked for; null = our own only */
  readonly prometheus: {
    readonly url: string;
    readonly bearer: string | null;
    /** labels that tell this balancer's series from those of others there */
    readonly labels: readonly (readonly [name: string, value: string])[];
  } | null;
};

const originSchema = z
  .string()
  .check(z.regex(/^https?:\/\/[a-z0-9.:[\]-]+$/i, "An origin looks like http://127.0.0.1:3000"));

const schema = z.object({
  SLUICE_SOCKET: z._default(z.string().check(z.minLength(1), z.maxLength(107)), "/run/sluice/agent.sock"),
  SLUICE_DATA: z._default(z.string().check(z.startsWith("/", "An absolute folder is needed")), "/var/lib/sluice/web"),
  DATABASE_URL: z.optional(z.string().check(z.startsWith("file:", "Only SQLite files (file:/path) can be used"))),
  SLUICE_ORIGIN: z.optional(z.string()),
  PORT: z._default(z.string().check(z.regex(/^[0-9]{1,5}$/)), "3000"),
  SLUICE_LAB: z._default(z.enum(["", "0", "1"]), "0"),
  SLUICE_NOTIFY_NETWORKS: z._default(z.string(), ""),
  SLUICE_PROMETHEUS_URL: z._default(
    z.string().check(z.regex(/^(https?:\/\/[^\s@?#]+)?$/, "An address looks like http://prometheus.example:9090")),
    "",
  ),
  SLUICE_PROMETHEUS_LABELS: z._default(
    z
      .string()
      .check(
        z.regex(/^([a-zA-Z_]\w*=[^,]*(,[a-zA-Z_]\w*=[^,]*)*)?$/, "Labels look like job=sluice,instance=lb-1:3000"),
      ),
    "",
  ),
  SLUICE_PROMETHEUS_TOKEN: z.optional(z.string().check(z.regex(/^[\x21-\x7e]*$/, "A token has no spaces"))),
});

/** One sentence that names the variable when something is wrong. */
export function parseWebEnv(source: Readonly<Record<string, string | undefined>>): Result<WebEnv> {
  const parsed = schema.safeParse(source);
  if (!parsed.success)
    return wrong(parsed.error.issues[0]?.path.map(String).join("."), parsed.error.issues[0]?.message);
  const env = parsed.data;
  const origins = (env.SLUICE_ORIGIN ?? `http://127.0.0.1:${env.PORT}`).split(",").map((text) => text.trim());
  const odd = origins.find((origin) => !originSchema.safeParse(origin).success);
  if (odd !== undefined) return wrong("SLUICE_ORIGIN", `"${odd}" is not an origin like http://127.0.0.1:3000`);
  const networks = env.SLUICE_NOTIFY_NETWORKS.split(",")
    .filter((text) => text.trim() !== "")
    .map(parseNetwork);
  const notNetwork = networks.find((network) => typeof network === "string");
  if (notNetwork !== undefined) return wrong("SLUICE_NOTIFY_NETWORKS", notNetwork);
  const prometheus = env.SLUICE_PROMETHEUS_URL.replace(/\/+$/, "");
  return ok({
    socketPath: env.SLUICE_SOCKET,
    dataDir: env.SLUICE_DATA,
    databaseUrl: env.DATABASE_URL ?? `file:${join(env.SLUICE_DATA, "sluice.db")}`,
    origins,
    isLab: env.SLUICE_LAB === "1",
    notifyNetworks: networks.filter((network) => typeof network === "object"),
    prometheus:
      prometheus === ""
        ? null
        : {
            url: prometheus,
            bearer: env.SLUICE_PROMETHEUS_TOKEN || null,
            labels: labelsOf(env.SLUICE_PROMETHEUS_LABELS),
          },
  });
}

function labelsOf(text: string): (readonly [string, string])[] {
  const parts = text.split(",").filter((part) => part !== "");
  return parts.map((part) => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]);
}

function wrong(name: string | undefined, message: string | undefined): Result<WebEnv> {
  return fail("invalid", `${name ?? "The environment"}: ${message ?? "not valid"}`);
}

const slot = globalThis as unknown as { sluiceWebEnv?: WebEnv };

/** Throws when the environment is not valid: instrumentation.ts ends the process with the sentence before anything asks. */
export function webEnv(): WebEnv {
  if (slot.sluiceWebEnv === undefined) {
    const parsed = parseWebEnv(process.env);
    if (!parsed.ok) throw new Error(parsed.error.text);
    slot.sluiceWebEnv = parsed.value;
  }
  return slot.sluiceWebEnv;
}
