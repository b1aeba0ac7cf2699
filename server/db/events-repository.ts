/** Things that happened and stay in the log. An event of the agent that is seen twice is stored once. */
import { ok } from "../core/result.ts";
import { insertEvent } from "./event-rows.ts";
import type { EventsQuery, EventsRepository, NewEvent } from "./repositories.ts";
import type { Store } from "./store.ts";

export function createEventsRepository(store: Store): EventsRepository {
  const { balancerId } = store;
  return {
    append: (events) =>
      store.note(async (statements) => {
        for (const event of events) await insertEvent(statements, balancerId, event);
        return ok(null);
      }),
    list: ({ before, limit, ...query }) =>
      store.read(async (reader) => {
        const beforeId = Number(before);
        const rows = await reader.event.findMany({
          where: {
            balancerId,
            ...whereOf(query),
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
    lastSeq: (bootId) =>
      store.read(async (reader) => {
        const newest = await reader.event.findFirst({
          where: { bootId },
          orderBy: { seq: "desc" },
          select: { seq: true },
        });
        return ok(newest?.seq ?? null);
      }),
    since: ({ kinds, farmId, sinceMs, limit }) =>
      store.read(async (reader) => {
        const rows = await reader.event.findMany({
          where: {
            balancerId,
            kind: { in: [...kinds] },
            at: { gte: new Date(sinceMs) },
            OR: [{ farmId }, { farmId: null }],
          },
          orderBy: { id: "desc" },
          take: limit,
        });
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

function whereOf({ text, farmId, kind, by, fromMs, toMs, withoutKinds = [] }: EventsQuery) {
  return {
    ...(text === undefined ? {} : { text: { contains: text } }),
    ...(farmId === undefined ? {} : { farmId }),
    ...(by === undefined ? {} : { actorName: by }),
    kind: { ...(kind === undefined ? {} : { equals: kind }), notIn: [...withoutKinds] },
    at: {
      ...(fromMs === undefined ? {} : { gte: new Date(fromMs) }),
      ...(toMs === undefined ? {} : { lte: new Date(toMs) }),
    },
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
