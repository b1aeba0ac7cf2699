/** Which scopes this page wants: each hook adds its own while mounted. */

export type ScopeCounter = {
  /** returns how to take it back */
  readonly add: (scope: string) => () => void;
  readonly read: () => readonly string[];
  readonly subscribe: (listener: () => void) => () => void;
};

export function createScopeCounter(): ScopeCounter {
  const counts = new Map<string, number>();
  const listeners = new Set<() => void>();
  const change = (scope: string, by: number) => {
    const next = (counts.get(scope) ?? 0) + by;
    if (next === 0) counts.delete(scope);
    else counts.set(scope, next);
    for (const listener of listeners) listener();
  };
  return {
    add(scope) {
      change(scope, 1);
      let isAdded = true;
      return () => {
        if (isAdded) change(scope, -1);
        isAdded = false;
      };
    },
    read: () => [...counts.keys()].sort(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
