/** Things that happened and stay in the log. An event of the agent that is seen twice is stored once. */
import { ok } from "../core/result.ts";
import type { EventsRepository, NewEvent } from "./repositories.ts";
import type { Store, Transaction } from "./store.ts";

export function createEventsRepository(store: Store): EventsRepository {
  const { balancerId } = store;
  return {
    append: (events) =>
      store.write(async (tx) => {
        const fresh = await withoutKnown(tx, events);
        if (fresh.length === 0) return ok(null);
        const names = await farmNames(tx, fresh);
        const data = fresh.map(({ at, by, ...event }) => ({
          ...event,
          balancerId,
          at: new Date(at),
          actorName: by,
          farmName: event.farmId === null ? null : (names.get(event.farmId) ?? null),
        }));
        await tx.event.createMany({ data });
        return ok(null);
      }),
    list: ({ farmId, before, limit }) =>
      store.read(async (reader) => {
        const beforeId = Number(before);
        const rows = await reader.event.findMany({
          where: {
            balancerId,
            ...(farmId === undefined ? {} : { farmId }),
            ...(before === undefined || !Number.isSafeInteger(beforeId) ? {} : { id: { lt: beforeId } }),
          },
          orderBy: { id: "desc" },
          take: limit,
        });
        return ok(
          rows.map(({ id, at, kind, farmId: farm, farmName, text, actorName }) => ({
            id: String(id),
            at: at.getTime(),
            kind,
            farmId: farm,
            farmName,
            text,
            by: actorName,
          })),
        );
      }),
    newest: (kinds, limit) =>
      store.read(async (reader) => {
        const where = { balancerId, kind: { in: [...kinds] } };
        const rows = await reader.event.findMany({ where, orderBy: { id: "desc" }, take: limit });
        return ok(
          rows
            .reverse()
            .map((row) => toEvent(row, kinds))
            .filter((event) => event !== null),
        );
      }),
    prune: (keep) =>
      store.write(async (tx) => {
        const oldest = await tx.event.findFirst({
          where: { balancerId },
          orderBy: { id: "desc" },
          skip: keep,
          select: { id: true },
        });
        if (oldest === null) return ok(0);
        const { count } = await tx.event.deleteMany({ where: { balancerId, id: { lte: oldest.id } } });
        return ok(count);
      }),
  };
}

type EventRow = Omit<NewEvent, "at" | "kind" | "by"> & {
  readonly at: Date;
  readonly kind: string;
  readonly actorName: string | null;
};

function toEvent(row: EventRow, kinds: readonly NewEvent["kind"][]): NewEvent | null {
  const { bootId, seq, farmId, backendId, text, actorName } = row;
  const kind = kinds.find((each) => each === row.kind);
  return kind === undefined
    ? null
    : { bootId, seq, at: row.at.getTime(), kind, farmId, backendId, text, by: actorName };
}

/** Neither stored already nor twice in the list. */
async function withoutKnown(tx: Transaction, events: readonly NewEvent[]): Promise<NewEvent[]> {
  const seen = new Set<string>();
  for (const bootId of new Set(events.flatMap((event) => (event.bootId === null ? [] : [event.bootId])))) {
    const seqs = events.flatMap((event) => (event.bootId === bootId && event.seq !== null ? [event.seq] : []));
    const rows = await tx.event.findMany({ where: { bootId, seq: { in: seqs } }, select: { seq: true } });
    for (const { seq } of rows) seen.add(`${bootId} ${seq}`);
  }
  return events.filter(({ bootId, seq }) => {
    if (bootId === null || seq === null) return true;
    const key = `${bootId} ${seq}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The name is kept beside the id: the farm may be gone when somebody reads the log. */
async function farmNames(tx: Transaction, events: readonly NewEvent[]): Promise<Map<string, string>> {
  const ids = [...new Set(events.flatMap(({ farmId }) => (farmId === null ? [] : [farmId])))];
  if (ids.length === 0) return new Map();
  const rows = await tx.farm.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
