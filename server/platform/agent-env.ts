/**
 * The agent's environment, parsed once. Every value has a default that suits a host, so that
 * `npx tsx server/agent/main.ts` runs with nothing but a socket and a state folder.
 */
import * as z from "zod/mini";
import { defaultTag } from "../core/allocation/marks.ts";
import type { AgentConfig } from "./agent-config.ts";

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
  /** highest byte of our connection marks */
  readonly tag: number;
  readonly checkNetworks: AgentConfig["checkNetworks"];
  readonly farmNetworks: AgentConfig["farmNetworks"];
  readonly backendNetworks: AgentConfig["backendNetworks"];
  readonly sysctls: AgentConfig["sysctls"];
  readonly metricsAddress: string | null;
};

const hostConfigPath = "/etc/sluice/agent.yaml";

/** The host's configuration; a lab has nothing to do with the host's and has one only when it is named. null = none */
export function configPath(source: Source): string | null {
  const named = source.SLUICE_CONFIG;
  if (named !== undefined && named !== "") return named;
  return source.SLUICE_LAB === "1" ? null : hostConfigPath;
}

const defaults = { urgentPerS: 100, structuralPerS: 5, seriesBytes: 128 * 1024 * 1024 };

const number = (from: number, to: number) =>
  z.optional(
    z.pipe(
      z.string().check(z.regex(/^[0-9]{1,10}$/)),
      z.pipe(z.transform(Number), z.int().check(z.gte(from), z.lte(to))),
    ),
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
  SLUICE_URGENT_PER_S: number(1, 1_000_000),
  SLUICE_STRUCTURAL_PER_S: number(1, 1_000_000),
  SLUICE_SERIES_BYTES: number(1_048_576, 4_294_967_296),
});

type Source = Readonly<Record<string, string | undefined>>;

/** The parsed environment over the host's configuration, or one sentence that names the variable. */
export function parseAgentEnv(
  source: Source,
  config: AgentConfig,
): { ok: true; value: AgentEnv } | { ok: false; error: string } {
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
      allowedUids: [...uidList(env.SLUICE_ALLOWED_UIDS), ...config.callers],
      proberGid: env.SLUICE_PROBER_GID === undefined ? null : Number(env.SLUICE_PROBER_GID),
      isLab,
      chunkElements: positive(env.SLUICE_CHUNK_ELEMENTS),
      probeIntervalMs: probe ?? (isLab ? 1000 : 2000),
      urgentPerS: env.SLUICE_URGENT_PER_S ?? config.urgentPerS ?? defaults.urgentPerS,
      structuralPerS: env.SLUICE_STRUCTURAL_PER_S ?? config.structuralPerS ?? defaults.structuralPerS,
      seriesBytes: env.SLUICE_SERIES_BYTES ?? config.seriesBytes ?? defaults.seriesBytes,
      tag: config.tag ?? defaultTag,
      checkNetworks: config.checkNetworks,
      farmNetworks: config.farmNetworks,
      backendNetworks: config.backendNetworks,
      sysctls: config.sysctls,
      metricsAddress: config.metricsAddress,
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
