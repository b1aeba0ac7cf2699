/**
 * Farms and lists as they were at any revision, replayed from the nearest full copy before it. An import has no operations: its copy stands for
 * it, and a replay that meets one begins anew from there.
 */
import { replayOnFarm, replayOnList } from "../core/change/apply-operation.ts";
import type { Operation } from "../core/change/operation.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import type { Farm } from "../core/farm/types.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { FarmPlace } from "./repositories.ts";
import { toListSnapshot, toOperations, toSnapshot } from "./rows.ts";
import { Rollback } from "./storage-failure.ts";
import type { Reader } from "./store.ts";

type Place = { readonly balancerId: string; readonly epoch: number; readonly n: number };
type Around = { readonly before: Farm | null; readonly after: Farm | null };

export async function farmAround(reader: Reader, place: Place, farmId: string): Promise<Result<Around>> {
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
  for (const row of rows.filter((each) => each.n < n)) before = replayed(before, farmId, toOperations(row.operations));
  const own = rows.find((each) => each.n === n);
  return ok({ before, after: own === undefined ? before : replayed(before, farmId, toOperations(own.operations)) });
}

/** No table says which revisions named a list; between two full copies there are few enough to read them all. */
export async function listAround(
  reader: Reader,
  place: Place,
  listId: string,
): Promise<Result<{ readonly before: NamedList | null; readonly after: NamedList | null }>> {
  const { balancerId, epoch, n } = place;
  const where = { balancerId, epoch };
  const snapshot = await reader.snapshot.findFirst({ where: { ...where, n: { lt: n } }, orderBy: { n: "desc" } });
  if (snapshot === null && !(await beginsEmpty(reader, place)))
    return fail("not-found", `The history does not reach back to before revision ${n}`);
  const rows = await reader.revision.findMany({
    where: { ...where, n: { gt: snapshot?.n ?? 0, lte: n } },
    select: { n: true, operations: true },
    orderBy: { n: "asc" },
  });
  const copied = snapshot === null ? [] : toListSnapshot(snapshot.lists);
  let before = copied.find(({ list }) => list.id === listId)?.list ?? null;
  let after = before;
  for (const row of rows) {
    if (row.n === n) before = after;
    after = replayOnList(after, listId, toOperations(row.operations));
  }
  return ok({ before, after });
}

/**
 * The farm of each place just after that revision, in the places' order: null = it did not exist, undefined = the history does not
 * reach back that far. One replay for each epoch, however many places.
 */
export async function farmsAfter(
  reader: Reader,
  balancerId: string,
  places: readonly FarmPlace[],
): Promise<(Farm | null | undefined)[]> {
  const found = new Map<FarmPlace, Farm | null>();
  for (const epoch of new Set(places.map((place) => place.epoch))) {
    const own = places.filter((place) => place.epoch === epoch).sort((a, b) => a.n - b.n);
    await replayEpoch(reader, { balancerId, epoch }, own, found);
  }
  return places.map((place) => found.get(place));
}

async function replayEpoch(
  reader: Reader,
  where: { readonly balancerId: string; readonly epoch: number },
  places: readonly FarmPlace[],
  found: Map<FarmPlace, Farm | null>,
): Promise<void> {
  const firstN = places[0]?.n ?? 0;
  const lastN = places.at(-1)?.n ?? 0;
  const start = await reader.snapshot.findFirst({
    where: { ...where, n: { lte: firstN } },
    orderBy: { n: "desc" },
  });
  if (start === null && !(await beginsEmpty(reader, where))) return;
  const farmIds = [...new Set(places.map(({ farmId }) => farmId))];
  const farms = farmsOf(start?.farms ?? [], farmIds);
  const copies = await reader.snapshot.findMany({
    where: { ...where, n: { gt: start?.n ?? 0, lte: lastN } },
    select: { n: true },
  });
  const rows = await reader.revision.findMany({
    where: {
      ...where,
      n: { gt: start?.n ?? 0, lte: lastN },
      OR: [{ farms: { some: { farmId: { in: farmIds } } } }, { n: { in: copies.map(({ n }) => n) } }],
    },
    select: { n: true, operations: true },
    orderBy: { n: "asc" },
  });
  let next = 0;
  for (const place of places) {
    for (let row = rows[next]; row !== undefined && row.n <= place.n; row = rows[++next])
      await step(reader, where, row, farms);
    found.set(place, farms.get(place.farmId) ?? null);
  }
}

type Row = { readonly n: number; readonly operations: unknown };

async function step(
  reader: Reader,
  where: { readonly balancerId: string; readonly epoch: number },
  row: Row,
  farms: Map<string, Farm | null>,
): Promise<void> {
  const operations = toOperations(row.operations);
  if (operations.length > 0) {
    for (const [farmId, before] of farms) farms.set(farmId, replayed(before, farmId, operations));
    return;
  }
  const copy = await reader.snapshot.findFirst({ where: { ...where, n: row.n } });
  if (copy === null) return;
  for (const [farmId, farm] of farmsOf(copy.farms, [...farms.keys()])) farms.set(farmId, farm);
}

function farmsOf(copy: unknown, farmIds: readonly string[]): Map<string, Farm | null> {
  const all = new Map(toSnapshot(copy).map(({ farm }) => [farm.id, farm]));
  return new Map(farmIds.map((farmId) => [farmId, all.get(farmId) ?? null]));
}

async function beginsEmpty(reader: Reader, { balancerId, epoch }: Omit<Place, "n">): Promise<boolean> {
  if (epoch !== 1) return false;
  const first = await reader.revision.findFirst({ where: { balancerId, epoch }, orderBy: { n: "asc" } });
  return first?.n === 1 && toOperations(first.operations).length > 0;
}

function replayed(before: Farm | null, farmId: string, operations: readonly Operation[]): Farm | null {
  const after = replayOnFarm(before, farmId, operations);
  if (after.ok) return after.value;
  const text = "The history of this farm cannot be replayed";
  throw new Rollback({ code: "storage", text, detail: after.error.text, retry: false });
}
