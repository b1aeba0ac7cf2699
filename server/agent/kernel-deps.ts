/** What kernel.ts stands on: the ways into the kernel, and who is told of what is found there. */
import type { ElementProof } from "./element-proof.ts";
import type { NftChild } from "./nft-child.ts";
import type { NftListing } from "./nft-listing.ts";
import type { QuickEdit } from "./quick-edit.ts";
import type { RunProcess } from "./run-process.ts";
import type { SpareLoad } from "./spare-load.ts";

export type KernelDeps = {
  readonly child: NftChild;
  readonly run: RunProcess;
  readonly listing: NftListing;
  readonly spare: Pick<SpareLoad, "take">;
  readonly generation: () => number | null;
  readonly quickEdit: QuickEdit;
  /** null: nothing is asked by its key */
  readonly proof: ElementProof | null;
  /** lets others of this process go on */
  readonly pause: () => Promise<void>;
  /** a transaction of ours ran between these generations */
  readonly onOwn: (before: number, after: number, isChild: boolean) => void;
  /** most elements in one transaction; null = no bound */
  readonly chunkElements: number | null;
  readonly onForeign: (text: string) => void;
  /** what others put into our own table, each time it is listed */
  readonly onStrange: (things: readonly string[]) => void;
  readonly log: (level: "info" | "warn" | "error", event: string, fields?: Record<string, unknown>) => void;
};
