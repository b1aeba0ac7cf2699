/** Where a page of the history begins, as the address says it: "epoch.n". */

export type Position = { readonly epoch: number; readonly n: number };

export function parseBefore(text: string | string[] | undefined): Position | undefined {
  const match = typeof text === "string" ? /^([0-9]{1,9})\.([0-9]{1,15})$/.exec(text) : null;
  return match === null ? undefined : { epoch: Number(match[1]), n: Number(match[2]) };
}

/** Address of the older page, or null when this one was not full. */
export function olderHref(path: string, revisions: readonly Position[], pageSize: number): string | null {
  const last = revisions.at(-1);
  return last === undefined || revisions.length < pageSize ? null : `${path}?before=${last.epoch}.${last.n}`;
}
