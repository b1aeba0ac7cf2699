/**
 * The farm rows and the one way they change: an accepted revision is replayed on them. Rows, Revision and Change move in one
 * transaction, so after a kill at any step the rows equal some revision, and the position says which.
 */
import { farmIdsOf, replayOnFarm } from "../core/change/apply-operation.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { type FarmWrite, findFarm, replaceFarms, writeFarm } from "./farm-rows.ts";
import type { AcceptedRevision, FarmsRepository, ImportedState, Position } from "./repositories.ts";
import { revisionColumns, toJson, toStoredFarm } from "./rows.ts";
import { Rollback } from "./storage-failure.ts";
import type { Reader, Store, Transaction } from "./store.ts";

/** A full copy of all farms every so many revisions, so that history is replayed from near. */
const snapshotEvery = 100;

export function createFarmsRepository(store: Store): FarmsRepository {
  const { balancerId } = store;
  return {
    list: () =>
      store.read(async (reader) => {
        const rows = await reader.farm.findMany({ where: { balancerId }, orderBy: { name: "asc" } });
        return ok(rows.map(toStoredFarm));
      }),
    get: (farmId) =>
      store.read(async (reader) => {
        const farm = await findFarm(reader, balancerId, farmId);
        return farm === null ? fail("not-found", "There is no such farm") : ok(farm);
      }),
    position: () => store.read(async (reader) => ok(await positionOf(reader, balancerId))),
    async accept(revision) {
      const accepted = await store.write((tx) => accept(tx, balancerId, revision));
      // Nobody waits for the copy: without it history is replayed from further back.
      if (accepted.ok && accepted.value === "accepted" && revision.n % snapshotEvery === 0)
        void store.write((tx) => takeSnapshot(tx, balancerId));
      return accepted;
    },
    importState: (state) =>
      store.write(async (tx) => {
        await importState(tx, balancerId, state);
        return ok(null);
      }),
  };
}

async function accept(
  tx: Transaction,
  balancerId: string,
  revision: AcceptedRevision,
): Promise<Result<"accepted" | "already">> {
  const { epoch, n, uuid } = revision;
  const here = await positionOf(tx, balancerId);
  const isPast = epoch === here.epoch && n <= here.n;
  if (isPast) return alreadyThere(tx, balancerId, revision);
  if (epoch !== here.epoch || n !== here.n + 1)
    return fail("conflict", `Revision ${n} does not follow the last known one, ${here.n}`, { retry: true });
  const farmIds = farmIdsOf(revision.operations);
  await replay(tx, balancerId, revision, farmIds);
  // the Many forms: one statement each, nothing is read back
  await tx.revision.createMany({ data: [{ balancerId, ...revisionColumns(revision) }] });
  await tx.revisionFarm.createMany({ data: farmIds.map((farmId) => ({ balancerId, epoch, n, farmId })) });
  await tx.balancer.updateMany({ where: { id: balancerId }, data: { epoch, n, digest: revision.digest } });
  await markApplied(tx, uuid);
  return ok("accepted");
}

/** A number that is taken by another change means that the two sides have grown apart. */
async function alreadyThere(
  tx: Transaction,
  balancerId: string,
  revision: AcceptedRevision,
): Promise<Result<"already">> {
  const { epoch, n, uuid } = revision;
  const known = await tx.revision.findUnique({
    where: { balancerId_epoch_n: { balancerId, epoch, n } },
    select: { uuid: true, operations: true },
  });
  const isOther = known !== null && known.uuid !== uuid && !isImport(known.operations);
  if (isOther) return fail("conflict", `Revision ${n} is another change here than at the agent`);
  await markApplied(tx, uuid);
  return ok("already");
}

/** A revision that an import left behind has no operations of its own; it stands for all before it. */
function isImport(operations: unknown): boolean {
  return Array.isArray(operations) && operations.length === 0;
}

async function replay(
  tx: Transaction,
  balancerId: string,
  revision: AcceptedRevision,
  farmIds: readonly string[],
): Promise<void> {
  const writes: FarmWrite[] = [];
  for (const farmId of farmIds) {
    const before = (await findFarm(tx, balancerId, farmId))?.farm ?? null;
    const after = replayOnFarm(before, farmId, revision.operations);
    if (!after.ok) throw new Rollback({ ...after.error, code: "conflict", retry: false });
    const isTouched = revision.operations.some((operation) => operation.type !== "cut" && idOf(operation) === farmId);
    if (isTouched) writes.push({ farmId, before, after: after.value });
  }
  for (const write of writes) await writeFarm(tx, balancerId, write, revision.n, revision.at);
}

function idOf(operation: AcceptedRevision["operations"][number]): string {
  return operation.type === "put-farm" ? operation.farm.id : operation.farmId;
}

async function importState(tx: Transaction, balancerId: string, state: ImportedState): Promise<void> {
  const { epoch, n, farms, at, uuid, actor, digest, sentences } = state;
  await replaceFarms(tx, balancerId, farms, at);
  await tx.balancer.update({ where: { id: balancerId }, data: { epoch, n, digest } });
  // what stood at or after this place was another history
  await tx.revision.deleteMany({ where: { balancerId, epoch, n: { gte: n } } });
  await tx.snapshot.deleteMany({ where: { balancerId, epoch, n: { gte: n } } });
  const revision = { epoch, n, uuid, actor, peerUid: null, at, digest, operations: [], sentences };
  await tx.revision.create({ data: { balancerId, ...revisionColumns(revision) } });
  // it belongs to the history of each farm it brought
  await tx.revisionFarm.createMany({ data: farms.map(({ farm }) => ({ balancerId, epoch, n, farmId: farm.id })) });
  await tx.snapshot.create({ data: { balancerId, epoch, n, farms: toJson(farms) } });
}

/** Of the place where the rows are by now. */
async function takeSnapshot(tx: Transaction, balancerId: string): Promise<Result<null>> {
  const { epoch, n } = await positionOf(tx, balancerId);
  const rows = await tx.farm.findMany({ where: { balancerId }, select: { version: true, document: true } });
  const farms = toJson(rows.map(({ version, document }) => ({ farm: document, version })));
  const where = { balancerId_epoch_n: { balancerId, epoch, n } };
  await tx.snapshot.upsert({ where, create: { balancerId, epoch, n, farms }, update: { farms } });
  return ok(null);
}

async function markApplied(tx: Transaction, uuid: string): Promise<void> {
  await tx.change.updateMany({ where: { uuid }, data: { state: "applied" } });
}

async function positionOf(reader: Reader, id: string): Promise<Position> {
  const row = await reader.balancer.findUnique({ where: { id }, select: { epoch: true, n: true, digest: true } });
  return row ?? { epoch: 1, n: 0, digest: "" };
}
