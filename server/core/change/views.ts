/** Shapes that use cases hand to pages. */
import type { Farm, FarmWord } from "../farm/types.ts";
import type { Operation } from "./operation.ts";

export type Role = "viewer" | "operator" | "admin";

export type FarmView = { readonly farm: Farm; readonly version: number };

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

export type { FarmWord };
