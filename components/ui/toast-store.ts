/** Messages that float at the bottom right: at most four, identical ones dropped, ids and time given by the caller's page. */

export type ToastTone = "plain" | "bad" | "draining";

export type ToastAction = {
  readonly label: string;
  readonly onSelect: () => void;
  /** the farm it acts on: once that is changed again, the message and its action are out of date */
  readonly farmId?: string | null;
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
  /** Takes away messages whose action is about this farm: it was changed since. */
  readonly outdate: (farmId: string) => void;
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
    outdate: (farmId) => {
      if (entries.some(({ action }) => action?.farmId === farmId))
        set(entries.filter(({ action }) => action?.farmId !== farmId));
    },
    read: () => entries,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The page's one store. */
export const toasts = createToastStore();

/** Say what the page does not already show; errors stay until they are closed, the rest goes after a while. */
export function toast(input: ToastInput): void {
  toasts.add(input);
}
