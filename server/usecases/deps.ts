/** What the use cases need from outside; `runtime.ts` makes the real ones, tests make their own. */
import type { AgentLink } from "../agent-link/agent-link.ts";
import type { Result } from "../core/result.ts";
import type { Database } from "../db/repositories.ts";
import type { History } from "../history/history.ts";
import type { LongHistory } from "../history/prometheus.ts";

export type Deps = {
  /** Opened at the first use and kept; a database that cannot be opened is tried again at the next use. */
  readonly database: () => Promise<Result<Database>>;
  readonly agent: AgentLink;
  /** minutes of 30 days; a file that cannot be used is tried again at the next use */
  readonly history: History;
  /** a Prometheus that keeps more; null or absent = there is none */
  readonly longHistory?: LongHistory | null;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
  /** one line for the log; never shown in a browser */
  readonly log: (event: string, fields: Readonly<Record<string, unknown>>) => void;
};
