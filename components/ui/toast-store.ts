/** Messages that float at the bottom right: at most four, identical ones dropped, ids and time given by the caller's page. */

export type ToastTone = "plain" | "bad" | "draining";

export type ToastInput = {
  readonly title: string;
  readonly text?: string;
  readonly tone?: ToastTone;
  /** one next step, e.g. Undo */
  readonly action?: { readonly label: string; readonly onSelect: () => void };
};
export type ToastEntry = ToastInput & { readonly id: number };

export type ToastStore = {
  readonly add: (input: ToastInput) => number;
  readonly remove: (id: number) => void;
  readonly read: () => readonly ToastEntry[];
  readonly subscribe: (listener: () => void) => () => void;
};

const shownMax = 4;

function createToastStore(): ToastStore {
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
