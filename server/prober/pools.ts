/**
 * How many probes of a kind may be open at once. Each kind has its own places, so that a slow kind delays no other; and within a kind those
 * that timed out last time share half of the places, so that backends that hang delay none that answer.
 */
import type { ProbeTarget } from "../wire/prober.ts";

export const poolNames = ["light", "heavy", "ping", "external"] as const;
export type PoolName = (typeof poolNames)[number];
export type PoolBounds = {
  readonly openMax: number;
  /** started in one turn: handshakes cost CPU, and others wait for it */
  readonly startsMax: number;
};
export type Budgets = Readonly<Record<PoolName, PoolBounds>>;

/** Descriptors that stay free for everything else. */
const reservedFiles = 200;

/** By how many files this process may have open. */
export function budgetsFor(filesMax: number): Budgets {
  const files = Math.max(100, filesMax - reservedFiles);
  return {
    light: { openMax: Math.min(8000, Math.floor(files * 0.7)), startsMax: 500 },
    heavy: { openMax: Math.min(2000, Math.floor(files * 0.2)), startsMax: 8 },
    // one process asks for hundreds
    ping: { openMax: 100_000, startsMax: 100_000 },
    external: { openMax: 16, startsMax: 4 },
  };
}

export function poolOf({ probe }: ProbeTarget): PoolName {
  if (probe.what !== "check") return "light";
  switch (probe.check.type) {
    case "ping":
    case "external":
      return probe.check.type;
    case "tls":
    case "https":
    case "grpc":
      return "heavy";
    default:
      return "light";
  }
}

export type Waiting = {
  /** it timed out last time */
  isSuspect: boolean;
};

export type Pool<T extends Waiting> = {
  wait(what: T, isFirst: boolean): void;
  /** takes what may start now */
  take(): T[];
  /** one that was taken has ended; `wasSuspect` as it was when taken */
  ended(wasSuspect: boolean): void;
  waiting(): number;
};

export function createPool<T extends Waiting>({ openMax, startsMax }: PoolBounds): Pool<T> {
  const trusted = createQueue<T>();
  const suspects = createQueue<T>();
  const suspectsMax = Math.ceil(openMax / 2);
  let open = 0;
  let openSuspects = 0;
  return {
    wait(what, isFirst) {
      if (isFirst) trusted.unshift(what);
      else (what.isSuspect ? suspects : trusted).push(what);
    },
    take() {
      const taken: T[] = [];
      while (open < openMax && taken.length < startsMax) {
        const next = trusted.shift() ?? (openSuspects < suspectsMax ? suspects.shift() : undefined);
        if (next === undefined) break;
        open += 1;
        if (next.isSuspect) openSuspects += 1;
        taken.push(next);
      }
      return taken;
    },
    ended(wasSuspect) {
      open -= 1;
      if (wasSuspect) openSuspects -= 1;
    },
    waiting: () => trusted.size() + suspects.size(),
  };
}

/** An array whose front is not moved for every element. */
function createQueue<T>() {
  let items: T[] = [];
  let from = 0;
  return {
    push: (item: T) => void items.push(item),
    unshift(item: T) {
      items = [item, ...items.slice(from)];
      from = 0;
    },
    shift(): T | undefined {
      const item = items[from];
      if (item === undefined) return undefined;
      from += 1;
      if (from > 1000 && from * 2 > items.length) {
        items = items.slice(from);
        from = 0;
      }
      return item;
    },
    size: () => items.length - from,
  };
}
