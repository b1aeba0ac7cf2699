/** Targets of notifications, how far each has been told, and which events were told at all. */
import type { LoggedEvent } from "../core/notify/notice.ts";
import { noProgress, progressSchema } from "../core/notify/progress.ts";
import { notifyKinds, type Target, targetFilterSchema, targetSettingsSchema } from "../core/notify/target.ts";
import { fail, ok } from "../core/result.ts";
import { type NotificationTarget, Prisma } from "./generated/client.ts";
import type { NotificationsRepository } from "./repositories.ts";
import { toJson } from "./rows.ts";
import { Rollback } from "./storage-failure.ts";
import type { Store, Transaction } from "./store.ts";

export function createNotificationsRepository(store: Store): NotificationsRepository {
  const { balancerId } = store;
  return {
    targets: () =>
      store.read(async (reader) => {
        const rows = await reader.notificationTarget.findMany({ where: { balancerId }, orderBy: { name: "asc" } });
        return ok(rows.map(toTarget));
      }),
    save: ({ id, name, settings, sealed, filter, isEnabled, groupS, repeatS }, { isNew }) =>
      store.write(async (tx) => {
        const columns = { name, sealed, isEnabled, groupS, repeatS };
        const data = { ...columns, settings: toJson(settings), filter: toJson(filter) };
        const known = await tx.notificationTarget.findFirst({ where: { id, balancerId } });
        if (!isNew && known === null) return fail("not-found", "This target is gone");
        // what happens from now on is told, not what happened before
        const fresh = { cursor: await newestId(tx, balancerId), progress: toJson(noProgress) };
        const again = { attempts: 0, nextAt: null };
        if (known === null) await tx.notificationTarget.create({ data: { id, balancerId, ...data, ...fresh } });
        else {
          const restart = isEnabled && !known.isEnabled ? fresh : {};
          await tx.notificationTarget.update({ where: { id }, data: { ...data, ...again, ...restart } });
        }
        return ok(null);
      }),
    remove: (id) =>
      store.write(async (tx) => {
        const { count } = await tx.notificationTarget.deleteMany({ where: { id, balancerId } });
        return count === 0 ? fail("not-found", "This target is gone") : ok(null);
      }),
    eventsAfter: (id, limit) =>
      store.read(async (reader) => {
        const where = { balancerId, id: { gt: id } };
        const rows = await reader.event.findMany({ where, orderBy: { id: "asc" }, take: limit });
        return ok(rows.flatMap(toLogged));
      }),
    untold: ({ kinds, sinceMs, limit }) =>
      store.read(async (reader) => {
        const where = { balancerId, notice: null, kind: { in: [...kinds] }, at: { gte: new Date(sinceMs) } };
        const rows = await reader.event.findMany({ where, orderBy: { id: "desc" }, take: limit });
        return ok(rows.flatMap(toLogged));
      }),
    keep: ({ id, cursor }, told) =>
      store.write(async (tx) => {
        const { after, okAt, eventIds = [], silentIds = [] } = told;
        const delivery =
          okAt === undefined ? {} : { attempts: 0, nextAt: null, lastOkAt: new Date(okAt), lastError: null };
        const data = { cursor: after.cursor, progress: toJson(after.progress), ...delivery };
        // whoever changed or disabled it meanwhile is right
        const { count } = await tx.notificationTarget.updateMany({ where: { id, cursor, isEnabled: true }, data });
        await mark(tx, eventIds, "told");
        await mark(tx, silentIds, "silent");
        return ok(count > 0);
      }),
    hold: (owner, nowMs, untilMs) =>
      store.jot(async ({ run }) => {
        const [now, until] = [new Date(nowMs), new Date(untilMs)];
        // one that would last longer than anybody asks for was written before the clock was set back
        const rows = await run(Prisma.sql`INSERT INTO "Lease" ("balancerId", "name", "owner", "expiresAt")
          VALUES (${balancerId}, 'notify', ${owner}, ${until})
          ON CONFLICT ("balancerId", "name") DO UPDATE SET "owner" = excluded."owner", "expiresAt" = excluded."expiresAt"
          WHERE "owner" = ${owner} OR "expiresAt" <= ${now} OR "expiresAt" > ${until}`);
        return ok(rows > 0);
      }),
    failed: (id, { attempts, nextAt, at, text }) =>
      store.write(async (tx) => {
        const data = { attempts, nextAt: new Date(nextAt), lastErrorAt: new Date(at), lastError: text };
        await tx.notificationTarget.updateMany({ where: { id }, data });
        return ok(null);
      }),
  };
}

async function newestId(tx: Transaction, balancerId: string): Promise<number> {
  const newest = await tx.event.findFirst({ where: { balancerId }, orderBy: { id: "desc" }, select: { id: true } });
  return newest?.id ?? 0;
}

async function mark(tx: Transaction, ids: readonly number[], notice: "told" | "silent"): Promise<void> {
  if (ids.length === 0) return;
  const more = notice === "silent" ? { notice: null } : {};
  await tx.event.updateMany({ where: { id: { in: [...ids] }, ...more }, data: { notice } });
}

function toTarget(row: NotificationTarget): Target {
  const settings = targetSettingsSchema.safeParse(row.settings);
  const filter = targetFilterSchema.safeParse(row.filter);
  const progress = progressSchema.safeParse(row.progress);
  if (!settings.success || !filter.success)
    throw new Rollback({
      code: "storage",
      text: `The database holds the notification target ${row.name} that cannot be read`,
      detail: row.id,
      retry: false,
    });
  const { id, name, sealed, isEnabled, groupS, repeatS, cursor, attempts, lastError } = row;
  return {
    ...{ id, name, sealed, isEnabled, groupS, repeatS, cursor },
    settings: settings.data,
    filter: filter.data,
    progress: progress.success ? progress.data : noProgress,
    delivery: {
      ...{ attempts, lastError },
      nextAt: row.nextAt?.getTime() ?? null,
      lastOkAt: row.lastOkAt?.getTime() ?? null,
      lastErrorAt: row.lastErrorAt?.getTime() ?? null,
    },
  };
}

type EventRow = {
  readonly id: number;
  readonly bootId: string | null;
  readonly at: Date;
  readonly kind: string;
  readonly farmId: string | null;
  readonly farmName: string | null;
  readonly backendId: string | null;
  readonly text: string;
  readonly actorName: string | null;
};

/** A kind that a newer version wrote is nobody's to tell. */
function toLogged({
  id,
  bootId,
  at,
  kind: written,
  farmId,
  farmName,
  backendId,
  text,
  actorName,
}: EventRow): LoggedEvent[] {
  const kind = notifyKinds.find((each) => each === written);
  if (kind === undefined) return [];
  return [{ id, bootId, at: at.getTime(), kind, farmId, farmName, backendId, text, by: actorName }];
}
