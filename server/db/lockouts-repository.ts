/** Counters of wrong passwords, in rows, so that a restart does not forget them. */
import { ok } from "../core/result.ts";
import type { LockoutsRepository } from "./repositories.ts";
import type { Store } from "./store.ts";

export function createLockoutsRepository(store: Store): LockoutsRepository {
  return {
    get: (key) =>
      store.read(async (reader) => {
        const row = await reader.lockout.findUnique({ where: { key } });
        if (row === null) return ok(null);
        const { failures, lastAt, lockedUntil } = row;
        return ok({ failures, lastAt: lastAt.getTime(), lockedUntil: lockedUntil?.getTime() ?? null });
      }),
    put: (key, row) =>
      store.write(async (tx) => {
        const lockedUntil = row.lockedUntil === null ? null : new Date(row.lockedUntil);
        const data = { failures: row.failures, lastAt: new Date(row.lastAt), lockedUntil };
        await tx.lockout.upsert({ where: { key }, create: { key, ...data }, update: data });
        return ok(null);
      }),
    remove: (key) =>
      store.write(async (tx) => {
        await tx.lockout.deleteMany({ where: { key } });
        return ok(null);
      }),
    prune: (beforeMs) =>
      store.write(async (tx) => {
        await tx.lockout.deleteMany({ where: { lastAt: { lt: new Date(beforeMs) } } });
        return ok(null);
      }),
  };
}
