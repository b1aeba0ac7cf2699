/** Shapes that use cases hand to pages. */
import type { NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";
import type { AgentState } from "../metrics/feed.ts";
import type { Operation } from "./operation.ts";

export type Role = "viewer" | "operator" | "admin";

export type FarmView = { readonly farm: Farm; readonly version: number };
export type ListView = { readonly list: NamedList; readonly version: number };

export type RevisionView = {
  readonly epoch: number;
  readonly n: number;
  readonly at: number;
  readonly by: string;
  readonly sentences: readonly string[];
  readonly farmIds: readonly string[];
  readonly operations: readonly Operation[];
  /** false when the farm it touched changed since, or it cannot be undone by one operation */
  readonly canUndo: boolean;
  /**
   * Whether the farm (the one the history was asked for, else the only one the revision touched) can be put back as it was just after
   * the revision: false when it is so already, or did not exist then
   */
  readonly canRestore: boolean;
};

/** A change that is not (yet) a revision. */
export type ChangeView = {
  readonly uuid: string;
  readonly state: "applying" | "refused";
  readonly at: number;
  readonly by: string;
  readonly text: string;
  readonly operations: readonly Operation[];
};

export type EventView = {
  readonly id: string;
  readonly at: number;
  readonly kind: string;
  readonly farmId: string | null;
  readonly farmName: string | null;
  readonly text: string;
  readonly by: string | null;
};

/** First paint of the overview; live numbers come by the feed. */
export type OverviewView = {
  readonly farms: readonly FarmView[];
  /** newest first */
  readonly events: readonly EventView[];
  /** changes whose outcome is not known yet, newest first */
  readonly applying: readonly ChangeView[];
};

/** One balancer as the settings page shows it. */
export type HostView = {
  readonly balancerId: string;
  readonly name: string;
  readonly agent: AgentState;
  readonly version: string | null;
  readonly startedAt: number | null;
  readonly farms: number | null;
  readonly backends: number | null;
  readonly conntrackMax: number | null;
  /** null = the database answers; else one sentence */
  readonly storageProblem: string | null;
};

export type PersonView = {
  readonly id: string;
  /** what is shown in the history */
  readonly name: string;
  readonly username: string;
  readonly role: Role;
  readonly createdAt: number;
  /** sign-in refused until then, after too many wrong passwords; null = not locked */
  readonly lockedUntil: number | null;
};

/** Answer of the actions that are about people and signing in. */
export type PeopleOutcome =
  | { readonly status: "ok" }
  | { readonly status: "field-errors"; readonly fieldErrors: Readonly<Record<string, string>> }
  | { readonly status: "refused"; readonly code: string; readonly text: string };
