/**
 * A full load that is nearly done: an `nft -f -` that has read and parsed the whole script and waits for its end. When somebody empties
 * the kernel, starting the process, writing the text and parsing it are over already; what is left is the transaction. The sets that only
 * count are left out of it: connections pass a third sooner, and the kernel gets those sets in the transaction after it. It costs one waiting
 * process with the rules in its memory, so there is a bound, and it is made anew only when things are quiet.
 * The end of the agent ends the input too, and must not load anything: the last bracket is held back, without which nft takes nothing.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { PersistentMap } from "../core/persistent-map.ts";
import type { ObjectName, Ruleset } from "../core/ruleset/model.ts";
import { scriptEnd } from "../core/ruleset/render.ts";
import type { NftAnswer } from "./nft-child.ts";

export type SpareLoad = {
  /** what shall be loaded if everything is gone; asked often, acts when it is quiet */
  keep(ruleset: Ruleset): void;
  /** the waiting load and what the kernel has after it; it is used up by this. null = there is none */
  take(): { readonly ruleset: Ruleset; run(timeoutMs: number): Promise<NftAnswer> } | null;
  stop(): void;
};

export type SpareLoadDeps = {
  readonly spawn: () => ChildProcessWithoutNullStreams;
  /** the script in pieces, the last of them scriptEnd */
  readonly render: (ruleset: Ruleset) => Iterable<string>;
  /** between two pieces: lets others of this process go on */
  readonly pause: () => Promise<void>;
  /** nobody of ours hears notifications until the load is over (hushed-run.ts) */
  readonly hush: (load: () => Promise<NftAnswer>) => Promise<NftAnswer>;
  /** runs the task after a while; the answer ends the wait */
  readonly after: (ms: number, task: () => void) => () => void;
  readonly now: () => number;
};

type Spare = {
  readonly source: Ruleset;
  readonly ruleset: Ruleset;
  readonly child: ChildProcessWithoutNullStreams;
  text: string;
};

const quietMs = 2000;
/** somebody who changes weights each second must not make a new one each second */
const pauseMs = 10_000;
/** about 1,000 farms of 7 backends, 1.5 MB of text: the waiting process holds 40 MB */
const elementsMax = 40_000;
const errorBytesMax = 4000;
const countingOnly: readonly ObjectName[] = ["bin", "bout"];

export function createSpareLoad(deps: SpareLoadDeps): SpareLoad {
  let spare: Spare | null = null;
  /** its script is being written */
  let making: Spare | null = null;
  let wanted: Ruleset | null = null;
  let cancel: (() => void) | null = null;
  let madeMs = Number.NEGATIVE_INFINITY;
  /** too large to wait in a process */
  let refused: Ruleset | null = null;
  let stopped = false;

  function drop(): void {
    for (const each of [spare, making]) each?.child.kill("SIGKILL");
    spare = null;
    making = null;
  }

  async function make(): Promise<void> {
    cancel = null;
    const source = wanted;
    if (stopped || source === null || spare?.source === source) return;
    if (countElements(source) > elementsMax) {
      refused = source;
      return;
    }
    const ruleset = withoutCounting(source);
    madeMs = deps.now();
    drop();
    const child = deps.spawn();
    const made: Spare = { source, ruleset, child, text: "" };
    making = made;
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (piece: string) => {
      if (made.text.length < errorBytesMax) made.text += piece;
    });
    child.stdin.on("error", () => undefined);
    const lost = () => {
      if (spare === made) spare = null;
      if (making === made) making = null;
    };
    child.once("error", lost);
    child.once("exit", lost);
    let last = "";
    for (const piece of deps.render(ruleset)) {
      child.stdin.write(last);
      last = piece;
      await deps.pause();
      // it died, or another one is wanted
      if (making !== made) return;
    }
    if (last !== scriptEnd) throw new Error("a script that does not end with its table");
    making = null;
    spare = made;
  }

  return {
    keep(ruleset) {
      if (refused === ruleset || (wanted === ruleset && (spare ?? making ?? cancel) !== null)) return;
      wanted = ruleset;
      cancel?.();
      cancel = deps.after(Math.max(quietMs, madeMs + pauseMs - deps.now()), () => void make());
    },
    take() {
      const taken = spare;
      spare = null;
      // the next one is needed as soon as it is quiet
      if (taken !== null) madeMs = Number.NEGATIVE_INFINITY;
      return taken === null
        ? null
        : { ruleset: taken.ruleset, run: (timeoutMs) => deps.hush(() => finish(taken, timeoutMs)) };
    },
    stop() {
      stopped = true;
      cancel?.();
      drop();
    },
  };
}

function countElements(ruleset: Ruleset): number {
  let count = 0;
  for (const { elements, chains } of ruleset.fragments.values()) {
    count += chains.size;
    for (const items of elements.values()) count += items.size;
  }
  return count;
}

/** The same to every packet, but for the sets whose elements count the bytes of each backend. */
function withoutCounting(ruleset: Ruleset): Ruleset {
  const lighter = Array.from(ruleset.fragments.values(), (fragment) => {
    const elements = new Map(fragment.elements);
    for (const object of countingOnly) elements.delete(object);
    return [fragment.farmId, { ...fragment, elements }] as const;
  });
  return { ...ruleset, fragments: PersistentMap.from(lighter), retired: new Set() };
}

/** The end of its input starts the transaction, if the script is whole. */
function finish({ child, ...spare }: Spare, timeoutMs: number): Promise<NftAnswer> {
  return new Promise((resolve) => {
    let text = spare.text;
    child.stderr.on("data", (piece: string) => {
      if (text.length < errorBytesMax) text += piece;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    child.once("error", () => resolve({ status: "lost", text: "nft did not start" }));
    child.once("close", (code) => {
      clearTimeout(timer);
      if (code === 0) resolve({ status: "ok", output: "" });
      else resolve(code === null ? { status: "lost", text: "nft ended" } : { status: "error", text });
    });
    child.stdin.end(scriptEnd);
  });
}
