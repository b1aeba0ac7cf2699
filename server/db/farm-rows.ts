/** Writing farms: the farm's row with its document, and the backend rows that repeat parts of it for queries. */
import type { Backend, Farm } from "../core/farm/types.ts";
import type { StoredFarm } from "./repositories.ts";
import { backendColumns, farmColumns, toStoredFarm } from "./rows.ts";
import type { Transaction } from "./store.ts";

/** rows of one insert; SQLite takes 32,766 values at once */
const insertMax = 1000;
/** more changed backends than this are written anew instead of one by one */
const updateMax = 20;

export async function findFarm(tx: Transaction, balancerId: string, farmId: string): Promise<StoredFarm | null> {
  const row = await tx.farm.findFirst({ where: { id: farmId, balancerId } });
  return row === null ? null : toStoredFarm(row);
}

export type FarmWrite = { readonly farmId: string; readonly before: Farm | null; readonly after: Farm | null };

/** `before` is what the rows hold now. */
export async function writeFarm(
  tx: Transaction,
  balancerId: string,
  write: FarmWrite,
  version: number,
  atMs: number,
): Promise<void> {
  const { farmId, before, after } = write;
  if (after === null) {
    await tx.farm.deleteMany({ where: { id: farmId, balancerId } });
    return;
  }
  const columns = farmColumns(after, version, atMs);
  if (before === null) {
    await tx.farm.create({ data: { id: farmId, balancerId, ...columns } });
    await insertBackends(tx, after);
    return;
  }
  await tx.farm.updateMany({ where: { id: farmId }, data: columns });
  await updateBackends(tx, before, after);
}

/** All farms of the balancer at once. */
export async function replaceFarms(
  tx: Transaction,
  balancerId: string,
  farms: readonly StoredFarm[],
  atMs: number,
): Promise<void> {
  await tx.farm.deleteMany({ where: { balancerId } });
  for (const part of parts(farms, insertMax)) {
    const data = part.map(({ farm, version }) => ({ id: farm.id, balancerId, ...farmColumns(farm, version, atMs) }));
    await tx.farm.createMany({ data });
  }
  const backends = farms.flatMap(({ farm }) =>
    farm.backends.map((backend, at) => backendColumns(farm.id, backend, at)),
  );
  for (const data of parts(backends, insertMax)) await tx.backend.createMany({ data });
}

async function insertBackends(tx: Transaction, farm: Farm): Promise<void> {
  const rows = farm.backends.map((backend, at) => backendColumns(farm.id, backend, at));
  for (const data of parts(rows, insertMax)) await tx.backend.createMany({ data });
}

async function updateBackends(tx: Transaction, before: Farm, after: Farm): Promise<void> {
  const changed = sameBackends(before, after)
    ? after.backends.flatMap((backend, at) => (isSameRow(before.backends[at], backend) ? [] : [{ backend, at }]))
    : null;
  if (changed === null || changed.length > updateMax) {
    await tx.backend.deleteMany({ where: { farmId: after.id } });
    await insertBackends(tx, after);
    return;
  }
  for (const { backend, at } of changed) {
    const { id, farmId, ...data } = backendColumns(after.id, backend, at);
    await tx.backend.updateMany({ where: { farmId, id }, data });
  }
}

function sameBackends(before: Farm, after: Farm): boolean {
  if (before.backends.length !== after.backends.length) return false;
  return after.backends.every((backend, at) => before.backends[at]?.id === backend.id);
}

function isSameRow(before: Backend | undefined, after: Backend): boolean {
  if (before === undefined) return false;
  const { name, address, port, weight, adminState, tier } = before;
  return (
    name === after.name &&
    address === after.address &&
    port === after.port &&
    weight === after.weight &&
    adminState === after.adminState &&
    tier === after.tier
  );
}

function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
