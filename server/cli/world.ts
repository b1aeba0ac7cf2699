/** Everything outside of a command, so that a test can give another one. */
import type { AgentLink } from "../agent-link/agent-link.ts";
import type { Result } from "../core/result.ts";

export type OpenAgent = {
  readonly link: AgentLink;
  readonly socketPath: string;
};

export type Screen = {
  readonly isTty: boolean;
  readonly hasColor: boolean;
  /** characters; null = as wide as it takes */
  readonly columns: number | null;
  readonly rows: number | null;
};

export type World = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly screen: Screen;
  /** The text of a file, or of standard input for "-"; "too-large" above the bound. */
  readonly readText: (path: string, bytesMax: number) => Promise<Result<string>>;
  /** `asked`: the path given with --socket */
  readonly openAgent: (asked: string | undefined) => Promise<Result<OpenAgent>>;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly user: { readonly uid: number; readonly name: string };
  /** What is typed, key by key, until the function it gives is called. Nothing where nobody types. */
  readonly keys: (onKey: (key: string) => void) => () => void;
  /** aborts at Ctrl+C */
  readonly interrupted: AbortSignal;
};
