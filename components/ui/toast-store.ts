/** Messages that float at the bottom right: at most four, identical ones dropped, ids and time given by the caller's page. */

export type ToastTone = "plain" | "bad" | "draining";

type FarmRevision = { readonly farmId: string | null; readonly epoch: number; readonly n: number };

export type ToastAction = {
  readonly label: string;
  readonly onSelect: () => void;
  /** it takes back this revision of this farm: once the farm is changed again, the message and its action are out of date */
  readonly undoes?: FarmRevision;
};

export type ToastInput = {
  readonly title: string;
  readonly text?: string;
  readonly tone?: ToastTone;
  /** one next step, e.g. Undo */
  readonly action?: ToastAction;
};
export type ToastEntry = ToastInput & { readonly id: number };

export type ToastStore = {
  readonly add: (input: ToastInput) => number;
  readonly remove: (id: number) => void;
  /** The farm was changed: takes away messages that would undo an earlier revision of it. */
  readonly outdate: (by: FarmRevision) => void;
  readonly read: () => readonly ToastEntry[];
  readonly subscribe: (listener: () => void) => () => void;
};

const shownMax = 4;

export function createToastStore(): ToastStore {
  let entries: readonly ToastEntry[] = [];
  let nextId = 1;
  const listeners = new Set<() => void>();
  const set = (next: readonly ToastEntry[]) => {
    entries = next;
    for (const listener of listeners) listener();
  };
  return {
    add(input) {
      const same = entries.find((entry) => entry.title === input.title && entry.text === input.text);
      if (same !== undefined) return same.id;
      const id = nextId++;
      set([...entries, { ...input, id }].slice(-shownMax));
      return id;
    },
    remove: (id) => set(entries.filter((entry) => entry.id !== id)),
    outdate: (by) => {
      const left = entries.filter(({ action }) => action?.undoes === undefined || !isBefore(action.undoes, by));
      if (left.length < entries.length) set(left);
    },
    read: () => entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Messages of the feed and answers of the page's own changes may come in any order. */
function isBefore(old: FarmRevision, by: FarmRevision): boolean {
  if (old.farmId === null || old.farmId !== by.farmId) return false;
  return old.epoch < by.epoch || (old.epoch === by.epoch && old.n < by.n);
}

/** The page's one store. */
export const toasts = createToastStore();

/** Say what the page does not already show; errors stay until they are closed, the rest goes after a while. */
export function toast(input: ToastInput): void {
  toasts.add(input);
}
