/**
 * The live feed from web to browser: server-sent events on `GET /api/live?scope=overview,farm:<uuid>,...`, each event's data one
 * LiveFeedMessage. `overview` carries a FarmRow of every farm, `monitor` a MonitorRow of every backend, `farm:<uuid>` the whole
 * FarmLive of one. A connection begins with
 * `snapshot`; then only changed rows follow. When the agent is lost, `agent` says so at once and rows stop: the browser keeps
 * the last rows, greyed, with their age.
 */
import type { BalancerLive, FarmLive, FarmRow, LiveEvent } from "./live.ts";
import type { MonitorRow } from "./monitor.ts";

/** What web knows of the agent now. The last known status stays while the agent is lost. */
export type AgentState = {
  readonly state: "answering" | "lost" | "other-protocol";
  /** when the last message came; null = never since web started */
  readonly lastSeenAt: number | null;
  /** one sentence; why it is lost */
  readonly text: string;
  readonly hostname: string | null;
  readonly kernel: string | null;
  readonly nft: string | null;
  readonly lab: boolean;
  readonly epoch: number | null;
  readonly n: number | null;
  readonly sync: "in-sync" | "applying" | "drift" | "unclaimed" | null;
  readonly processes: readonly {
    readonly name: "agent" | "prober" | "web";
    readonly pid: number | null;
    readonly uid: number | null;
    readonly capabilities: string | null;
  }[];
  readonly features: readonly { readonly name: string; readonly ok: boolean; readonly text: string }[];
  /** what on the host is in the way of the farms, worst first */
  readonly findings: readonly HostFinding[];
  /** the last foreign change of our rules that was put right; lines: `-` as found, `+` as put back */
  readonly drift: { readonly at: number; readonly text: string; readonly lines: readonly string[] } | null;
};

export type HostFinding = {
  readonly id: string;
  /** problem: traffic is lost; warning: it may be */
  readonly level: "problem" | "warning";
  readonly text: string;
  /** what would put it right; null = no single command */
  readonly command: string | null;
  /** how many farms it concerns; null = the whole balancer */
  readonly farms: number | null;
};

export type LiveFeedMessage =
  | {
      readonly type: "snapshot";
      readonly at: number;
      readonly agent: AgentState;
      readonly balancer: BalancerLive | null;
      /** present when the scope has overview */
      readonly rows: readonly FarmRow[] | null;
      /** every backend; present when the scope has monitor */
      readonly monitor: readonly MonitorRow[] | null;
      /** farms of the scope that exist */
      readonly farms: readonly FarmLive[];
      /** newest last, at most 100 */
      readonly events: readonly LiveEvent[];
    }
  | {
      readonly type: "tick";
      readonly at: number;
      readonly balancer: BalancerLive;
      readonly rows: readonly FarmRow[];
      readonly farms: readonly FarmLive[];
      readonly removed: readonly string[];
      /** backends that changed, and ids of those that are no more; present when the scope has monitor */
      readonly monitor?: { readonly rows: readonly MonitorRow[]; readonly gone: readonly string[] };
    }
  | { readonly type: "event"; readonly event: LiveEvent }
  | { readonly type: "revision"; readonly epoch: number; readonly n: number; readonly farmIds: readonly string[] }
  | { readonly type: "agent"; readonly agent: AgentState };

/** Query keys under which the browser keeps the feed. */
export const liveKeys = {
  agent: ["live", "agent"] as const,
  balancer: ["live", "balancer"] as const,
  rows: ["live", "rows"] as const,
  monitor: ["live", "monitor"] as const,
  farm: (farmId: string) => ["live", "farm", farmId] as const,
  series: (farmId: string, rangeS: number) => ["series", farmId, rangeS] as const,
  events: ["live", "events"] as const,
  pastHours: ["past-hours"] as const,
};
