/**
 * The farm and list rows and the one way they change: an accepted revision is replayed on them. Rows, Revision and Change move in one
 * transaction, so after a kill at any step the rows equal some revision, and the position says which.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { farmIdOf, farmIdsOf, listIdsOf, replayOnFarm, replayOnList } from "../core/change/apply-operation.ts";
import { isFarmOperation } from "../core/change/operation.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { insertEvent } from "./event-rows.ts";
import { type FarmWrite, findFarm, replaceFarms, writeFarm } from "./farm-rows.ts";
import { Prisma } from "./generated/client.ts";
import { findList, findLists, replaceLists, writeList } from "./list-rows.ts";
import type { QuietCopies } from "./quiet-copies.ts";
import type { AcceptedRevision, FarmsRepository, ImportedState, NewEvent, Position } from "./repositories.ts";
import { fromJsonText, revisionColumns, toJson, toStoredFarm } from "./rows.ts";
import type { Statements } from "./statements.ts";
import { Rollback } from "./storage-failure.ts";
import type { Store, Transaction } from "./store.ts";

const farmsPerPart = 100;

/** `copies` decides when `takeSnapshot` is called: see quiet-copies.ts */
export function createFarmsRepository(store: Store, copies: Pick<QuietCopies, "accepted">): FarmsRepository {
  const { balancerId } = store;
  return {
    list: () =>
      store.read(async (reader) => {
        const rows = await reader.farm.findMany({ where: { balancerId }, orderBy: { name: "asc" } });
        return ok(rows.map(toStoredFarm));
      }),
    get: (farmId) =>
      store.look(async (statements) => {
        const farm = await findFarm(statements, balancerId, farmId);
        return farm === null ? fail("not-found", "There is no such farm") : ok(farm);
      }),
    lists: () => store.look(async (statements) => ok(await findLists(statements, balancerId))),
    getList: (listId) =>
      store.look(async (statements) => {
        const list = await findList(statements, balancerId, listId);
        return list === null ? fail("not-found", "There is no such list") : ok(list);
      }),
    position: () => store.look(async (statements) => ok(await positionOf(statements, balancerId))),
    async accept(revision, event) {
      const accepted = await store.note((statements) => accept(statements, balancerId, revision, event));
      if (accepted.ok && accepted.value === "accepted") copies.accepted(revision.n);
      return accepted;
    },
    agreeOn: ({ epoch, n, digest }) =>
      store.note(async ({ run }) => {
        const moved = await run(Prisma.sql`UPDATE "Balancer" SET "digest" = ${digest}
          WHERE "id" = ${balancerId} AND "epoch" = ${epoch} AND "n" = ${n}`);
        if (moved > 0)
          await run(Prisma.sql`UPDATE "Revision" SET "digest" = ${digest}
            WHERE "balancerId" = ${balancerId} AND "epoch" = ${epoch} AND "n" = ${n}`);
        return ok(null);
      }),
    importState: (state, event) =>
      store.write(async (tx) => {
        await importState(tx, balancerId, state);
        if (event !== undefined) await insertEvent({ run: (query) => tx.$executeRaw(query) }, balancerId, event);
        return ok(null);
      }),
  };
}

async function accept(
  statements: Statements,
  balancerId: string,
  revision: AcceptedRevision,
  event: NewEvent | undefined,
): Promise<Result<"accepted" | "already">> {
  const { epoch, n, uuid } = revision;
  const here = await positionOf(statements, balancerId);
  const isPast = epoch === here.epoch && n <= here.n;
  if (isPast) return alreadyThere(statements, balancerId, revision);
  if (epoch !== here.epoch || n !== here.n + 1)
    return fail("conflict", `Revision ${n} does not follow the last known one, ${here.n}`, { retry: true });
  const farmIds = farmIdsOf(revision.operations);
  await replay(statements, balancerId, revision, farmIds);
  await insertRevision(statements, balancerId, revision, farmIds);
  await statements.run(Prisma.sql`UPDATE "Balancer" SET "epoch" = ${epoch}, "n" = ${n}, "digest" = ${revision.digest}
    WHERE "id" = ${balancerId}`);
  await markApplied(statements, uuid);
  if (event !== undefined) await insertEvent(statements, balancerId, event);
  return ok("accepted");
}

async function insertRevision(
  { run }: Statements,
  balancerId: string,
  revision: AcceptedRevision,
  farmIds: readonly string[],
): Promise<void> {
  const { epoch, n, uuid, actor, peerUid, at, digest, operations, sentences } = revision;
  await run(Prisma.sql`INSERT INTO "Revision"
    ("balancerId", "epoch", "n", "uuid", "actorId", "actorName", "peerUid", "at", "digest", "operations", "sentences")
    VALUES (${balancerId}, ${epoch}, ${n}, ${uuid}, ${actor.id}, ${actor.name}, ${peerUid}, ${new Date(at)}, ${digest},
      ${JSON.stringify(operations)}, ${JSON.stringify(sentences)})`);
  for (const farmId of farmIds)
    await run(Prisma.sql`INSERT INTO "RevisionFarm" ("balancerId", "epoch", "n", "farmId")
      VALUES (${balancerId}, ${epoch}, ${n}, ${farmId})`);
}

/** A number that is taken by another change means that the two sides have grown apart. */
async function alreadyThere(
  statements: Statements,
  balancerId: string,
  revision: AcceptedRevision,
): Promise<Result<"already">> {
  const { epoch, n, uuid } = revision;
  const [known] = await statements.rows(Prisma.sql`SELECT "uuid", "operations" FROM "Revision"
    WHERE "balancerId" = ${balancerId} AND "epoch" = ${epoch} AND "n" = ${n}`);
  const isOther = known !== undefined && known[0] !== uuid && !isImport(fromJsonText(known[1]));
  if (isOther) return fail("conflict", `Revision ${n} is another change here than at the agent`);
  await markApplied(statements, uuid);
  return ok("already");
}

/** A revision that an import left behind has no operations of its own; it stands for all before it. */
function isImport(operations: unknown): boolean {
  return Array.isArray(operations) && operations.length === 0;
}

async function replay(
  statements: Statements,
  balancerId: string,
  revision: AcceptedRevision,
  farmIds: readonly string[],
): Promise<void> {
  const writes: FarmWrite[] = [];
  for (const farmId of farmIds) {
    const before = (await findFarm(statements, balancerId, farmId))?.farm ?? null;
    const after = replayOnFarm(before, farmId, revision.operations);
    if (!after.ok) throw new Rollback({ ...after.error, code: "conflict", retry: false });
    const isTouched = revision.operations.some(
      (each) => isFarmOperation(each) && each.type !== "cut" && farmIdOf(each) === farmId,
    );
    if (isTouched) writes.push({ farmId, before, after: after.value });
  }
  for (const write of writes) await writeFarm(statements, balancerId, write, revision.n, revision.at);
  for (const listId of listIdsOf(revision.operations)) {
    const after = replayOnList(null, listId, revision.operations);
    await writeList(statements, balancerId, listId, after, revision.n, revision.at);
  }
}

async function importState(tx: Transaction, balancerId: string, state: ImportedState): Promise<void> {
  const { epoch, n, farms, lists = [], at, uuid, actor, digest, sentences } = state;
  await replaceFarms(tx, balancerId, farms, at);
  await replaceLists(tx, balancerId, lists, at);
  await tx.balancer.update({ where: { id: balancerId }, data: { epoch, n, digest } });
  // what stood at or after this place was another history
  await tx.revision.deleteMany({ where: { balancerId, epoch, n: { gte: n } } });
  await tx.snapshot.deleteMany({ where: { balancerId, epoch, n: { gte: n } } });
  const revision = { epoch, n, uuid, actor, peerUid: null, at, digest, operations: [], sentences };
  await tx.revision.create({ data: { balancerId, ...revisionColumns(revision) } });
  // it belongs to the history of each farm it brought
  await tx.revisionFarm.createMany({ data: farms.map(({ farm }) => ({ balancerId, epoch, n, farmId: farm.id })) });
  await tx.snapshot.create({ data: { balancerId, epoch, n, farms: toJson(farms), lists: toJson(lists) } });
}

/**
 * A full copy of all farms, of the place where the rows are by now, so that history is replayed from near. Nobody waits for it: without it
 * history is replayed from further back. Read in parts with pauses, and never parsed: thousands of farms must not hold up the change that
 * comes meanwhile.
 */
export async function takeSnapshot(store: Store): Promise<void> {
  const { balancerId } = store;
  const copied = await store.copy(async (statements) => ok(await copyFarms(statements, balancerId)));
  if (!copied.ok) return;
  const { epoch, n, farms, lists } = copied.value;
  await store.jot(async ({ run }) => {
    await run(Prisma.sql`INSERT INTO "Snapshot" ("balancerId", "epoch", "n", "farms", "lists")
      VALUES (${balancerId}, ${epoch}, ${n}, ${farms}, ${lists})
      ON CONFLICT ("balancerId", "epoch", "n") DO UPDATE SET "farms" = excluded."farms", "lists" = excluded."lists"`);
    return ok(null);
  });
}

async function copyFarms(statements: Statements, balancerId: string) {
  const { epoch, n } = await positionOf(statements, balancerId);
  const texts: string[] = [];
  for (let last = "", isEnd = false; !isEnd; ) {
    const part = await statements.rows(Prisma.sql`SELECT "id", "version", "document" FROM "Farm"
      WHERE "balancerId" = ${balancerId} AND "id" > ${last} ORDER BY "id" LIMIT ${farmsPerPart}`);
    for (const [, version, document] of part) texts.push(`{"farm":${String(document)},"version":${Number(version)}}`);
    last = String(part.at(-1)?.[0]);
    isEnd = part.length < farmsPerPart;
    if (!isEnd) await nextTurn();
  }
  const lists = JSON.stringify(await findLists(statements, balancerId));
  return { epoch, n, farms: `[${texts.join(",")}]`, lists };
}

async function markApplied({ run }: Statements, uuid: string): Promise<void> {
  await run(Prisma.sql`UPDATE "Change" SET "state" = 'applied' WHERE "uuid" = ${uuid}`);
}

async function positionOf({ rows }: Statements, id: string): Promise<Position> {
  const [row] = await rows(Prisma.sql`SELECT "epoch", "n", "digest" FROM "Balancer" WHERE "id" = ${id}`);
  if (row === undefined) return { epoch: 1, n: 0, digest: "" };
  const [epoch, n, digest] = row;
  return { epoch: Number(epoch), n: Number(n), digest: String(digest) };
}
