/** Which backends are ticked: kept by id, whatever the table does meanwhile. */
export type Ticks = {
  readonly ticked: ReadonlySet<string>;
  readonly onTick: (backendIds: readonly string[], isTicked: boolean) => void;
};

export function withTicks(
  old: ReadonlySet<string>,
  backendIds: readonly string[],
  isTicked: boolean,
): ReadonlySet<string> {
  const next = new Set(old);
  for (const id of backendIds) {
    if (isTicked) next.add(id);
    else next.delete(id);
  }
  return next;
}
