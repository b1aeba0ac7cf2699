/**
 * What transactions of ours wrote since it was last looked at, and whether the kernel has it: by its keys where the kernel can be asked so,
 * else by a listing of the whole object. What could not be told stays to be looked at.
 */
import type { Ruleset } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { type ProvenElement, proofMax } from "./element-proof.ts";
import { sameElements, wantedElements } from "./kernel-compare.ts";
import type { KernelDeps } from "./kernel-deps.ts";

export type Touched = {
  /** these were done */
  note(ops: readonly Op[]): void;
  /** everything was written anew */
  forget(): void;
  /** `isAt`: whether this is still what runs; null = could not be told */
  match(desired: Ruleset, isAt: () => boolean): Promise<boolean | null>;
};

/** Key -> data, null = deleted; all = too many to ask for one by one. */
type Written = Map<string, string | null> | "all";

/** a listing is dearer at any number (nft, and its JSON); this bounds what is remembered */
const keysMax = 150_000;

export function createTouched({
  proof,
  listing,
  pause,
}: Pick<KernelDeps, "proof" | "pause"> & {
  readonly listing: Pick<KernelDeps["listing"], "elements">;
}): Touched {
  let touched = new Map<string, Written>();

  function put(object: string, key: string, data: string | null): void {
    const written = touched.get(object) ?? new Map<string, string | null>();
    if (written === "all") return;
    written.set(key, data);
    touched.set(object, written.size > keysMax ? "all" : written);
  }

  /** What was written since is newer. */
  function putBack(before: ReadonlyMap<string, Written>): void {
    for (const [object, written] of before) {
      const since = touched.get(object) ?? new Map<string, string | null>();
      if (written === "all" || since === "all") touched.set(object, "all");
      else touched.set(object, new Map([...written, ...since]));
    }
  }

  /** null: other keys were written meanwhile; "unknown": the kernel does not say it so */
  async function prove(object: string, written: Written, isAt: () => boolean): Promise<boolean | null | "unknown"> {
    if (proof === null || written === "all") return "unknown";
    const elements: ProvenElement[] = [...written];
    for (let at = 0; at < elements.length; at += proofMax) {
      if (!isAt()) return null;
      const answer = proof(object, elements.slice(at, at + proofMax));
      if (answer !== "same") return answer === "unknown" ? "unknown" : false;
      await pause();
    }
    return true;
  }

  async function look(
    desired: Ruleset,
    object: string,
    written: Written,
    isAt: () => boolean,
  ): Promise<boolean | null> {
    const want = wantedElements(desired, object);
    // an object of a farm that is gone by now
    if (want === null) return true;
    const proven = await prove(object, written, isAt);
    if (proven !== "unknown") return proven;
    const listed = await listing.elements(want.kind, object);
    return listed === null || !isAt() ? null : sameElements(listed, want, pause);
  }

  return {
    note(ops) {
      for (const op of ops) {
        if (op.type === "delete-elements") for (const key of op.keys) put(op.object, key, null);
        if (op.type === "add-elements") for (const [key, data] of op.elements) put(op.object, key, data);
      }
    },
    forget() {
      touched = new Map();
    },
    async match(desired, isAt) {
      const before = touched;
      touched = new Map();
      for (const [object, written] of before) {
        const isSame = await look(desired, object, written, isAt);
        if (isSame === null) putBack(before);
        if (isSame !== true) return isSame;
      }
      return true;
    },
  };
}
