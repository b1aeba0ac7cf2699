/**
 * The words of the lab: what its control socket (lab.sock, HTTP with JSON bodies) accepts and answers, and what its own child
 * processes say to each other over IPC. The socket belongs to the lab's owner (0600); it is for people and tests, never for web.
 */
import * as z from "zod/mini";

/** What a backend does while it runs. */
export const behaviourSchema = z.strictObject({
  latencyMs: z.optional(z.int().check(z.gte(0), z.lte(60_000))),
  errorPct: z.optional(z.number().check(z.gte(0), z.lte(100))),
  /** false: /health answers 503, everything else goes on */
  isHealthy: z.optional(z.boolean()),
  /** false: nobody listens, new connections are refused */
  isListening: z.optional(z.boolean()),
  /** true: half dead. It takes connections and answers /health, and resets whoever asks for anything else */
  isResetting: z.optional(z.boolean()),
});
export type BehaviourChange = z.output<typeof behaviourSchema>;
export type Behaviour = Required<BehaviourChange>;

export type BackendCounters = {
  readonly connections: number;
  readonly requests: number;
  readonly datagrams: number;
  readonly open: number;
  /** connections with at least one request that ended by a reset */
  readonly resets: number;
  /** requests by what the client asked for (Host header) */
  readonly byHost: Readonly<Record<string, number>>;
};

const protocolSchema = z.enum(["tcp", "udp"]);

/** Where a connection starts: the clients (default), the balancer itself, or a backend by name (hairpin). */
const from = z._default(z.string(), "clients");
const endpoint = {
  from,
  address: z.string(),
  port: z.int(),
  protocol: z._default(protocolSchema, "tcp"),
  /** a source address; null = the client addresses in turn */
  source: z._default(z.nullable(z.string()), null),
  timeoutMs: z._default(z.int(), 3000),
};

/** `count` connections, or as many as fit into `durationMs`; each asks once and closes. */
export const connectSchema = z.strictObject({
  ...endpoint,
  count: z._default(z.nullable(z.int()), null),
  durationMs: z._default(z.nullable(z.int()), null),
  concurrency: z._default(z.int(), 8),
  ratePerS: z._default(z.nullable(z.number()), null),
});
export type ConnectSpec = z.input<typeof connectSchema>;
export type ConnectOrder = z.output<typeof connectSchema>;

export type ConnectReport = {
  /** answers by the backend that gave them */
  readonly answered: Readonly<Record<string, number>>;
  /** answers by the client address the backend saw */
  readonly seenAs: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly durationMs: number;
};

/** Connections (or UDP flows of one source port) that stay open; each asks once, now. */
export const holdSchema = z.strictObject({ ...endpoint, count: z._default(z.int(), 1) });
export type HoldSpec = z.input<typeof holdSchema>;
export type HoldOrder = z.output<typeof holdSchema>;

/**
 * `ask`: once more on each held connection; `stream`: let the backend send without end from now on; `await-end`: only wait until
 * they have ended; `release`: close them.
 */
export const heldSchema = z.strictObject({
  from,
  ids: z.array(z.int()),
  action: z.enum(["ask", "stream", "await-end", "release"]),
  timeoutMs: z._default(z.int(), 3000),
});
export type HeldSpec = z.input<typeof heldSchema>;
export type HeldOrder = z.output<typeof heldSchema>;

export type Held = {
  readonly id: number;
  /** who answered last; null = nobody did */
  readonly backend: string | null;
  readonly isOpen: boolean;
  /** how it ended ("ECONNRESET", "closed"), or why the last question had no answer ("timeout") */
  readonly error: string | null;
};

/** One aim of the steady traffic. */
export const targetSchema = z.strictObject({
  address: z.string(),
  port: z.int(),
  protocol: protocolSchema,
  ratePerS: z.number(),
});
export type Target = z.output<typeof targetSchema>;

export type TrafficCounters = {
  readonly started: number;
  readonly answered: number;
  readonly failed: number;
  readonly skipped: number;
  readonly open: number;
  readonly ratePerS: number;
};

export const execSchema = z.strictObject({
  namespace: z.string(),
  argv: z.array(z.string()).check(z.minLength(1)),
  input: z._default(z.string(), ""),
  timeoutMs: z._default(z.int(), 10_000),
});
export type ExecReport = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export const processActionSchema = z.strictObject({
  name: z.enum(["agent", "prober"]),
  /** stop, kill: it stays away; crash: killed, and it comes back by itself as after any crash */
  action: z.enum(["stop", "kill", "crash", "start"]),
});
export type ProcessAction = z.output<typeof processActionSchema>;

export const trafficSchema = z.strictObject({ isOn: z.boolean() });
export const setBackendSchema = z.strictObject({ name: z.string(), behaviour: behaviourSchema });

export type LabStatus = {
  readonly runId: string;
  readonly stateFolder: string;
  readonly pid: number;
  readonly launcherPid: number;
  readonly socket: string;
  readonly namespaces: readonly string[];
  readonly processes: readonly { readonly name: string; readonly pid: number | null; readonly restarts: number }[];
  readonly backends: readonly {
    readonly name: string;
    readonly addresses: readonly string[];
    readonly behaviour: Behaviour;
    readonly counters: BackendCounters;
  }[];
  readonly traffic: TrafficCounters | null;
  readonly targets: readonly Target[];
};

/** What `lab.mjs serve` is told: JSON in its second argument. */
export const serveOptionsSchema = z.strictObject({
  runId: z.string().check(z.regex(/^[a-z0-9]{4,12}$/)),
  runsFolder: z.string(),
  stateFolder: z.string(),
  launcherPid: z.int(),
  /** null: one mapped user only, every process keeps it; a number: agent, prober, web, others in a row from here */
  firstUid: z.nullable(z.int()),
  backends: z._default(z.int().check(z.gte(1), z.lte(200)), 2),
  hasTraffic: z._default(z.boolean(), true),
  hasAgent: z._default(z.boolean(), true),
  /** farms given to an empty agent; null = the agent's caller does it (web re-seeds from its database) */
  farms: z._default(z.nullable(z.array(z.unknown())), null),
  /** the bundles agent.mjs, prober.mjs, lab.mjs, and node_modules with their native parts; copied before use */
  distFolder: z.string(),
  modulesFolder: z.string(),
  node: z.string(),
  chunkElements: z._default(z.nullable(z.int()), null),
  agentEnv: z._default(z.record(z.string(), z.string()), {}),
});
export type ServeOptions = z.output<typeof serveOptionsSchema>;
