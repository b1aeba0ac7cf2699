/** The history: revisions as they were accepted, and any farm as it was at any of them, replayed from the nearest snapshot. */
import { replayOnFarm } from "../core/change/apply-operation.ts";
import type { Farm } from "../core/farm/types.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { RevisionsRepository } from "./repositories.ts";
import { toOperations, toSnapshot, toStoredRevision } from "./rows.ts";
import { Rollback } from "./storage-failure.ts";
import type { Reader, Store } from "./store.ts";

const withFarms = { farms: { select: { farmId: true } } } as const;

export function createRevisionsRepository(store: Store): RevisionsRepository {
  const { balancerId } = store;
  return {
    list: ({ farmId, before, limit }) =>
      store.read(async (reader) => {
        const older =
          before === undefined
            ? {}
            : { OR: [{ epoch: { lt: before.epoch } }, { epoch: before.epoch, n: { lt: before.n } }] };
        const rows = await reader.revision.findMany({
          where: { balancerId, ...older, ...(farmId === undefined ? {} : { farms: { some: { farmId } } }) },
          include: withFarms,
          orderBy: [{ epoch: "desc" }, { n: "desc" }],
          take: limit,
        });
        return ok(rows.map(toStoredRevision));
      }),
    get: (epoch, n) =>
      store.read(async (reader) => {
        const where = { balancerId_epoch_n: { balancerId, epoch, n } };
        const row = await reader.revision.findUnique({ where, include: withFarms });
        return row === null ? fail("not-found", `There is no revision ${n}`) : ok(toStoredRevision(row));
      }),
    farmAround: (epoch, n, farmId) => store.read((reader) => farmAround(reader, { balancerId, epoch, n }, farmId)),
  };
}

type Place = { readonly balancerId: string; readonly epoch: number; readonly n: number };
type Around = { readonly before: Farm | null; readonly after: Farm | null };

async function farmAround(reader: Reader, place: Place, farmId: string): Promise<Result<Around>> {
  const { balancerId, epoch, n } = place;
  const snapshot = await reader.snapshot.findFirst({
    where: { balancerId, epoch, n: { lt: n } },
    orderBy: { n: "desc" },
  });
  // the first epoch begins with nothing; every later one, and every import, with a snapshot
  if (snapshot === null && !(await beginsEmpty(reader, place)))
    return fail("not-found", `The history does not reach back to before revision ${n}`);
  const start = snapshot === null ? [] : toSnapshot(snapshot.farms);
  const first = start.find(({ farm }) => farm.id === farmId)?.farm ?? null;
  const rows = await reader.revision.findMany({
    where: { balancerId, epoch, n: { gt: snapshot?.n ?? 0, lte: n }, farms: { some: { farmId } } },
    select: { n: true, operations: true },
    orderBy: { n: "asc" },
  });
  let before = first;
  for (const row of rows.filter((each) => each.n < n)) before = replayed(before, farmId, row.operations);
  const own = rows.find((each) => each.n === n);
  return ok({ before, after: own === undefined ? before : replayed(before, farmId, own.operations) });
}

async function beginsEmpty(reader: Reader, { balancerId, epoch }: Place): Promise<boolean> {
  if (epoch !== 1) return false;
  const first = await reader.revision.findFirst({ where: { balancerId, epoch }, orderBy: { n: "asc" } });
  return first?.n === 1 && toOperations(first.operations).length > 0;
}

function replayed(before: Farm | null, farmId: string, operations: unknown): Farm | null {
  const after = replayOnFarm(before, farmId, toOperations(operations));
  if (after.ok) return after.value;
  const text = "The history of this farm cannot be replayed";
  throw new Rollback({ code: "storage", text, detail: after.error.text, retry: false });
}
