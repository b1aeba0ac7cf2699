/** The table as lines: a head for each group, and under it the backends unless it is folded. Pure. */
import type { GroupKey, MonitorGroup, MonitorItem } from "./monitor-model.ts";

export type MonitorLine =
  | { readonly kind: "head"; readonly key: string; readonly group: MonitorGroup; readonly isFolded: boolean }
  | { readonly kind: "item"; readonly key: string; readonly item: MonitorItem };

export function linesOf(groups: readonly MonitorGroup[], folded: ReadonlySet<GroupKey>): MonitorLine[] {
  return groups.flatMap((group): MonitorLine[] => {
    const isFolded = folded.has(group.key);
    const head: MonitorLine = { kind: "head", key: `head-${group.key}`, group, isFolded };
    if (isFolded) return [head];
    return [head, ...group.items.map((item): MonitorLine => ({ kind: "item", key: item.backend.id, item }))];
  });
}

/** Lines in view, and the one that has the focus: what people work with never leaves the page. */
export function shownIndexes(range: { readonly from: number; readonly to: number }, kept: number): number[] {
  const shown = Array.from({ length: Math.max(0, range.to - range.from + 1) }, (_, at) => range.from + at);
  if (kept < 0 || (kept >= range.from && kept <= range.to)) return shown;
  return kept < range.from ? [kept, ...shown] : [...shown, kept];
}
