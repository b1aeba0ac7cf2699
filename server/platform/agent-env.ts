/**
 * The agent's environment, parsed once. Every value has a default that suits a host, so that
 * `npx tsx server/agent/main.ts` runs with nothing but a socket and a state folder.
 */
import * as z from "zod/mini";

export type AgentEnv = {
  readonly socketPath: string;
  readonly proberSocketPath: string;
  readonly dataDir: string;
  /** callers allowed besides root and the agent's own uid; 65534 is never allowed */
  readonly allowedUids: readonly number[];
  /** group that may open the prober's socket; null = the agent's own */
  readonly proberGid: number | null;
  readonly isLab: boolean;
  /** most elements in one transaction (an ordinary user's namespace cannot force its send buffer); null = no bound */
  readonly chunkElements: number | null;
  readonly probeIntervalMs: number;
  readonly urgentPerS: number;
  readonly structuralPerS: number;
  readonly seriesBytes: number;
};

const number = (from: number, to: number, fallback: number) =>
  z._default(
    z.pipe(
      z.string().check(z.regex(/^[0-9]{1,10}$/)),
      z.pipe(z.transform(Number), z.int().check(z.gte(from), z.lte(to))),
    ),
    fallback,
  );

const schema = z.object({
  SLUICE_SOCKET: z._default(z.string().check(z.minLength(1), z.maxLength(107)), "/run/sluice/agent.sock"),
  SLUICE_PROBER_SOCKET: z._default(z.string().check(z.minLength(1), z.maxLength(107)), "/run/sluice/prober.sock"),
  SLUICE_DATA: z._default(z.string().check(z.minLength(1)), "/var/lib/sluice/agent"),
  SLUICE_ALLOWED_UIDS: z._default(z.string().check(z.regex(/^\s*([0-9]{1,10}(\s*,\s*[0-9]{1,10})*)?\s*$/)), ""),
  SLUICE_PROBER_GID: z.optional(z.string().check(z.regex(/^[0-9]{1,10}$/))),
  SLUICE_LAB: z._default(z.enum(["", "0", "1"]), "0"),
  SLUICE_CHUNK_ELEMENTS: z.optional(z.string().check(z.regex(/^[0-9]{1,7}$/))),
  SLUICE_PROBE_INTERVAL_MS: z.optional(z.string().check(z.regex(/^[0-9]{3,7}$/))),
  SLUICE_URGENT_PER_S: number(1, 1_000_000, 100),
  SLUICE_STRUCTURAL_PER_S: number(1, 1_000_000, 5),
  SLUICE_SERIES_BYTES: number(1_048_576, 4_294_967_296, 128 * 1024 * 1024),
});

type Source = Readonly<Record<string, string | undefined>>;

/** The parsed environment, or one sentence that names the variable. */
export function parseAgentEnv(source: Source): { ok: true; value: AgentEnv } | { ok: false; error: string } {
  const parsed = schema.safeParse(source);
  if (!parsed.success) return { ok: false, error: sentence(parsed.error.issues[0]) };
  const env = parsed.data;
  const isLab = env.SLUICE_LAB === "1";
  const probe = env.SLUICE_PROBE_INTERVAL_MS === undefined ? null : Number(env.SLUICE_PROBE_INTERVAL_MS);
  return {
    ok: true,
    value: {
      socketPath: env.SLUICE_SOCKET,
      proberSocketPath: env.SLUICE_PROBER_SOCKET,
      dataDir: env.SLUICE_DATA,
      allowedUids: uidList(env.SLUICE_ALLOWED_UIDS),
      proberGid: env.SLUICE_PROBER_GID === undefined ? null : Number(env.SLUICE_PROBER_GID),
      isLab,
      chunkElements: positive(env.SLUICE_CHUNK_ELEMENTS),
      probeIntervalMs: probe ?? (isLab ? 1000 : 2000),
      urgentPerS: env.SLUICE_URGENT_PER_S,
      structuralPerS: env.SLUICE_STRUCTURAL_PER_S,
      seriesBytes: env.SLUICE_SERIES_BYTES,
    },
  };
}

function uidList(text: string): number[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(Number);
}

function positive(text: string | undefined): number | null {
  const value = text === undefined ? 0 : Number(text);
  return value > 0 ? value : null;
}

function sentence(issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined): string {
  if (issue === undefined) return "The environment of the agent is not valid.";
  return `${issue.path.map(String).join(".")}: ${issue.message}`;
}
