/** What a page gets back from an action. Never a raw exception, never nft's stderr. */
import type { NamedList } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";

export type ConflictSide = {
  readonly farmId: string;
  /** version the writer saw; null = wanted to create */
  readonly base: number | null;
  /** version now and the farm as it is now; null = removed */
  readonly version: number | null;
  readonly farm: Farm | null;
  readonly by: string | null;
  readonly at: number | null;
};

export type ListConflictSide = {
  readonly listId: string;
  readonly base: number | null;
  readonly version: number | null;
  readonly list: NamedList | null;
  readonly by: string | null;
  readonly at: number | null;
};

export type ChangeOutcome =
  | {
      readonly status: "ok";
      readonly n: number;
      readonly epoch: number;
      readonly sentences: readonly string[];
      readonly applyMs: number;
      readonly farmId: string | null;
    }
  /** path -> message, paths as in Issue; "" is the form itself */
  | { readonly status: "field-errors"; readonly fieldErrors: Readonly<Record<string, string>> }
  | {
      readonly status: "conflict";
      readonly conflicts: readonly ConflictSide[];
      readonly lists: readonly ListConflictSide[];
    }
  | { readonly status: "refused"; readonly code: string; readonly text: string; readonly retry: boolean }
  /** the agent did not answer in time: the change stays "applying" and is asked for again */
  | { readonly status: "pending"; readonly uuid: string; readonly text: string };
