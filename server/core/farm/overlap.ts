/**
 * No two farms may answer at the same (address, protocol, port), ranges and every port included, nor carry the same name. Disabled
 * farms count too, so that enabling one never fails. The index is never changed in place: `with` and `without` give a new one.
 */
import type { Issue } from "../result.ts";
import type { Farm } from "./types.ts";

export class OverlapIndex {
  static empty(): OverlapIndex {
    throw new Error("not built");
  }

  /** Adds the farm, or replaces the one of the same id. */
  with(_farm: Farm): OverlapIndex {
    throw new Error("not built");
  }

  without(_farmId: string): OverlapIndex {
    throw new Error("not built");
  }

  /** What stands against the farm beside all others (itself, by id, left out). Paths inside the farm: `name`, `addresses[0]`. */
  check(_farm: Farm): Issue[] {
    throw new Error("not built");
  }
}

/** All farms against each other; paths like `farms[3].addresses[0]`. */
export function overlaps(_farms: readonly Farm[]): Issue[] {
  throw new Error("not built");
}
