/**
 * Slows down guessing of passwords: a counter for each account name (existing or not) and for each address, in database rows.
 * Every try counts as a failure before the password is looked at, so that a thousand at once are counted too; success takes it back.
 * Times in epoch milliseconds.
 */
import { formatIpv6, parseIpv6 } from "../core/farm/address.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { LockoutRow, LockoutsRepository } from "../db/repositories.ts";

type Policy = { readonly freeFailures: number; readonly firstMs: number; readonly longestMs: number };

const account: Policy = { freeFailures: 5, firstMs: 30_000, longestMs: 15 * 60_000 };
const address: Policy = { freeFailures: 30, firstMs: 60_000, longestMs: 15 * 60_000 };
/** failures older than this are forgotten */
const forgetMs = 24 * 3600_000;

export type Lockout = {
  /** Counts a try; "busy" when the account or the address is locked, and then the password must not be looked at. */
  begin(username: string, from: string, nowMs: number): Promise<Result<null>>;
  /** The try was right: the account's counter is cleared, the address's put back. */
  succeed(username: string, from: string, nowMs: number): Promise<Result<null>>;
  lockedUntil(username: string, nowMs: number): Promise<number | null>;
};

export function createLockout(store: LockoutsRepository): Lockout {
  // one web process owns these rows; one try at a time reads and writes them
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = queue.then(work, work);
    queue = mine.catch(() => undefined);
    return mine;
  };

  async function count(username: string, from: string, nowMs: number): Promise<Result<null>> {
    await store.prune(nowMs - forgetMs);
    const rows: { key: string; row: LockoutRow | null; policy: Policy }[] = [];
    for (const [key, policy] of keysOf(username, from)) {
      const row = await store.get(key);
      if (!row.ok) return row;
      const until = row.value?.lockedUntil ?? null;
      if (isLocked(until, nowMs, policy)) return locked(until - nowMs);
      rows.push({ key, row: row.value, policy });
    }
    for (const { key, row, policy } of rows) {
      const put = await store.put(key, afterFailure(row, nowMs, policy));
      if (!put.ok) return put;
    }
    return ok(null);
  }

  async function clear(username: string, from: string, nowMs: number): Promise<Result<null>> {
    const row = await store.get(addressKey(from));
    if (!row.ok) return row;
    if (row.value !== null) {
      const put = await store.put(addressKey(from), afterSuccess(row.value, nowMs));
      if (!put.ok) return put;
    }
    return store.remove(accountKey(username));
  }

  return {
    begin: (username, from, nowMs) => inTurn(() => count(username, from, nowMs)),
    succeed: (username, from, nowMs) => inTurn(() => clear(username, from, nowMs)),
    async lockedUntil(username, nowMs) {
      const row = await store.get(accountKey(username));
      const until = row.ok ? (row.value?.lockedUntil ?? null) : null;
      return isLocked(until, nowMs, account) ? until : null;
    },
  };
}

/** A lock longer than the longest was set before the clock was set back. */
function isLocked(until: number | null, nowMs: number, { longestMs }: Policy): until is number {
  return until !== null && until > nowMs && until - nowMs <= longestMs;
}

function afterFailure(row: LockoutRow | null, nowMs: number, policy: Policy): LockoutRow {
  const isForgotten = row === null || nowMs - row.lastAt > forgetMs;
  const failures = isForgotten ? 1 : row.failures + 1;
  const over = failures - policy.freeFailures;
  const lockMs = over < 0 ? null : Math.min(policy.longestMs, policy.firstMs * 2 ** Math.min(over, 20));
  return { failures, lastAt: nowMs, lockedUntil: lockMs === null ? null : nowMs + lockMs };
}

function afterSuccess(row: LockoutRow, nowMs: number): LockoutRow {
  return { failures: Math.max(0, row.failures - 1), lastAt: nowMs, lockedUntil: null };
}

function keysOf(username: string, from: string): [string, Policy][] {
  return [
    [accountKey(username), account],
    [addressKey(from), address],
  ];
}

const accountKey = (username: string) => `account:${username.toLowerCase().slice(0, 64)}`;
const addressKey = (from: string) => `address:${placeOf(from).slice(0, 64)}`;

/** Of IPv6 the network: one customer has all of its addresses. Of an IPv4 address in IPv6 form, that address. */
function placeOf(from: string): string {
  const groups = parseIpv6(from.split("%")[0] ?? "");
  if (groups === null) return from;
  const isIpv4 = formatIpv6(groups.slice(0, 6).concat(0, 0)) === "::ffff:0:0";
  return formatIpv6(isIpv4 ? groups : groups.slice(0, 4).concat(0, 0, 0, 0));
}

function locked(ms: number): ReturnType<typeof fail> {
  return fail("busy", `Too many wrong passwords; try again in ${Math.ceil(ms / 1000)} s`, { retry: true });
}
