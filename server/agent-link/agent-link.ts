/** What web and CLI can ask of the agent. Every call answers a value: an agent that is gone is the failure "agent-down". */
import type { ChangePreview } from "../core/change/preview.ts";
import type { Stickiness } from "../core/explain/stickiness.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import type { Result } from "../core/result.ts";
import type {
  AgentStatus,
  ChangeAnswer,
  ChangeRequest,
  FarmsAnswer,
  JournalEntry,
  MinutesAnswer,
  RulesetAnswer,
  SeedRequest,
} from "../wire/agent.ts";
import type { BackendMonitor, CheckEntry } from "../wire/monitor.ts";
import type { StreamMessage } from "../wire/stream.ts";

export type AgentLink = {
  status(): Promise<Result<AgentStatus>>;
  farms(): Promise<Result<FarmsAnswer>>;
  /** Waits 1.5 s for the outcome; no answer in time is the failure "outcome-unknown": ask `change(uuid)`. */
  apply(request: ChangeRequest): Promise<Result<ChangeAnswer>>;
  change(uuid: string): Promise<Result<ChangeAnswer | null>>;
  preview(request: ChangeRequest): Promise<Result<ChangePreview>>;
  journal(epoch: number, after: number): Promise<Result<{ epoch: number; n: number; entries: JournalEntry[] }>>;
  seed(request: SeedRequest): Promise<Result<ChangeAnswer>>;
  ruleset(farmId: string): Promise<Result<RulesetAnswer>>;
  /** What is remembered of a client; `vip` counts where a farm with several addresses remembers destinations. */
  stickiness(farmId: string, client: string, vip: string): Promise<Result<Stickiness>>;
  series(farmId: string, fromMs: number, toMs: number): Promise<Result<FarmSeries>>;
  monitor(farmId: string, backendId: string): Promise<Result<BackendMonitor>>;
  /** Asks the backend at once by its check; waits for what it answers. */
  checkNow(farmId: string, backendId: string): Promise<Result<CheckEntry>>;
  /** Minutes that ended after a moment, oldest first; at most 60, fewer when they are large. */
  minutes(afterMs: number, limit: number): Promise<Result<MinutesAnswer>>;
  /** The agent's page for Prometheus, in the pieces in which it arrives; a reader that stops must end the iteration. */
  metrics(): Promise<Result<AsyncIterable<Uint8Array>>>;
  /** Calls back for each message until the signal aborts or the agent closes; resolves with why it ended. */
  stream(onMessage: (message: StreamMessage) => void, signal: AbortSignal): Promise<Result<null>>;
};
