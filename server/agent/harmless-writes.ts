/**
 * Transactions of ours that left every counted element where it was: only slots moved, or scheduling rules. Whoever lists counters
 * meanwhile has missed none. A listing says of the generation only its low 16 bits.
 */
import type { Op } from "../core/ruleset/ops.ts";
import { nextGeneration } from "./quick-edit.ts";

export type HarmlessWrites = {
  /** `ops` were done at this generation, and at no other */
  done(ops: readonly Op[], generation: number): void;
  /** nothing else was written between these two, each as its low 16 bits */
  only(from: number, to: number): boolean;
};

const keptMax = 256;
const low = 0xffff;

export function createHarmlessWrites(): HarmlessWrites {
  let known = new Set<number>();
  return {
    done(ops, generation) {
      const after = nextGeneration(generation) & low;
      if (ops.every(isHarmless)) known = new Set([...known, after].slice(-keptMax));
      else known.delete(after);
    },
    only(from, to) {
      const steps = (to - from) & low;
      if (steps > keptMax) return false;
      for (let step = 1; step <= steps; step++) if (!known.has((from + step) & low)) return false;
      return true;
    },
  };
}

function isHarmless(op: Op): boolean {
  if (op.type === "add-elements" || op.type === "delete-elements") return op.object === "slots";
  return op.type === "rewrite-chain";
}
