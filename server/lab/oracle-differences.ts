/**
 * Where Sluice deliberately behaves otherwise than nftlb 1.0.7 for the same farm, with the reason. The oracle's test fails when a
 * difference is not listed here, and when a listed one is not there any more.
 */
export type Aspect = "reached" | "shares" | "sources" | "sticky" | "outside" | "oneOut" | "allOut";

export type Difference = {
  /** name of the farm in the oracle's list; "*": all */
  readonly farm: string;
  readonly aspect: Aspect;
  readonly reason: string;
};

export const differences: readonly Difference[] = [];
