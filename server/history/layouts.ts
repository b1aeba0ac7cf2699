/** Which backends a row's columns belong to: farms and lists of backends by small numbers, looked up once and remembered. */
import type { HistoryStatements } from "./statements.ts";

export type Layouts = {
  /** the farm's number, given at its first row */
  farm(farmId: string): number;
  /** the number of a list of backends, given at its first use; used in that hour */
  id(farm: number, backendIds: readonly string[], hour: number): number;
  /** the same array for the same number */
  backendIds(layout: number): readonly string[];
  /** what was removed from the file is not remembered */
  forget(): void;
};

const rememberedMax = 20_000;

export function createLayouts(statements: HistoryStatements): Layouts {
  const farms = new Map<string, number>();
  const lists = new Map<number, readonly string[]>();
  const newest = new Map<
    number,
    { readonly backendIds: readonly string[]; readonly id: number; readonly hour: number }
  >();

  function find(farm: number, backendIds: readonly string[], hour: number): number {
    const text = JSON.stringify(backendIds);
    const id = statements.layoutId(farm, text) ?? statements.addLayout(farm, text, hour);
    statements.touchLayout(id, hour);
    return id;
  }

  return {
    farm(farmId) {
      const known = farms.get(farmId) ?? statements.farmId(farmId) ?? statements.addFarm(farmId);
      farms.set(farmId, known);
      return known;
    },
    id(farm, backendIds, hour) {
      const last = newest.get(farm);
      if (last !== undefined && last.hour >= hour && isSame(last.backendIds, backendIds)) return last.id;
      const id = find(farm, backendIds, hour);
      newest.set(farm, { backendIds, id, hour });
      return id;
    },
    backendIds(layout) {
      const known = lists.get(layout);
      if (known !== undefined) return known;
      if (lists.size >= rememberedMax) lists.clear();
      const parsed: unknown = JSON.parse(statements.layoutText(layout));
      const read = Array.isArray(parsed) ? parsed.map(String) : [];
      lists.set(layout, read);
      return read;
    },
    forget() {
      farms.clear();
      lists.clear();
      newest.clear();
    },
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, at) => id === b[at]);
}
