/**
 * What transactions of ours wrote since it was last looked at, and whether the kernel has it: by its keys where the kernel can be asked so,
 * else by a listing of the whole object. What could not be told stays to be looked at.
 */
import type { Elements, Ruleset } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { type ProvenElement, proofMax } from "./element-proof.ts";
import { sameElements, type WantedObject, wantedElements } from "./kernel-compare.ts";
import type { KernelDeps } from "./kernel-deps.ts";

export type Touched = {
  /** these were done */
  note(ops: readonly Op[]): void;
  /** so much was put into these that it is not remembered one by one: all that shall be there is asked for */
  noteAhead(objects: Iterable<string>): void;
  /** everything was written anew, or all of it was listed and is right */
  forget(): void;
  /** `isAt`: whether this is still what runs; null = could not be told */
  match(desired: Ruleset, isAt: () => boolean): Promise<boolean | null>;
};

/** Key -> data, null = deleted; all = too many to ask for one by one. */
type Written = Map<string, string | null> | "all";

/** Object -> what of it the kernel had once; a change makes the pieces of its farm anew, and notes them by itself. */
type Ahead = Map<string, WeakSet<Elements>>;

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
  let ahead: Ahead = new Map();

  /** What was written since is newer. */
  function putBack(before: ReadonlyMap<string, Written>): void {
    for (const [object, written] of before) {
      const since = touched.get(object) ?? new Map<string, string | null>();
      if (written === "all" || since === "all") touched.set(object, "all");
      else touched.set(object, new Map([...written, ...since]));
    }
  }

  /** null: other keys were written meanwhile; "unknown": the kernel does not say it so */
  async function prove(
    object: string,
    written: Iterable<ProvenElement>,
    isAt: () => boolean,
  ): Promise<boolean | null | "unknown"> {
    if (proof === null) return "unknown";
    const elements = [...written];
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
    const answer = written === "all" ? "unknown" : await prove(object, written, isAt);
    return answer === "unknown" ? list(object, want, isAt) : answer;
  }

  /** A farm's piece after the other; what a change overtakes goes on where it was. */
  async function lookAhead(
    desired: Ruleset,
    object: string,
    proven: WeakSet<Elements>,
    isAt: () => boolean,
  ): Promise<boolean | null> {
    const want = wantedElements(desired, object);
    for (const piece of want?.pieces() ?? []) {
      if (proven.has(piece)) continue;
      const answer = await prove(object, piece, isAt);
      if (answer === "unknown" && want !== null) return list(object, want, isAt);
      if (answer !== true) return answer === false ? false : null;
      proven.add(piece);
    }
    return true;
  }

  async function list(object: string, want: WantedObject, isAt: () => boolean): Promise<boolean | null> {
    const listed = await listing.elements(want.kind, object);
    return listed === null || !isAt() ? null : sameElements(listed, want, pause);
  }

  return {
    note(ops) {
      for (const op of ops) {
        if (op.type !== "delete-elements" && op.type !== "add-elements") continue;
        const written = touched.get(op.object) ?? new Map<string, string | null>();
        if (written === "all") continue;
        if (op.type === "delete-elements") for (const key of op.keys) written.set(key, null);
        else for (const [key, data] of op.elements) written.set(key, data);
        touched.set(op.object, written.size > keysMax ? "all" : written);
      }
    },
    noteAhead(objects) {
      ahead = new Map(Array.from(objects, (object) => [object, new WeakSet()]));
    },
    forget() {
      touched = new Map();
      ahead = new Map();
    },
    async match(desired, isAt) {
      const left = new Map(touched);
      touched = new Map();
      for (const [object, written] of left) {
        const isSame = await look(desired, object, written, isAt);
        if (isSame === null) putBack(left);
        if (isSame !== true) return isSame;
        left.delete(object);
      }
      const objects = ahead;
      for (const [object, proven] of objects) {
        const isSame = await lookAhead(desired, object, proven, isAt);
        if (isSame !== true) return isSame;
        objects.delete(object);
      }
      return true;
    },
  };
}
