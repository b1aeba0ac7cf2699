/** Writing farms: the farm's row with its document, and the backend rows that repeat parts of it for queries. */
import type { Backend, Farm } from "../core/farm/types.ts";
import { Prisma } from "./generated/client.ts";
import type { StoredFarm } from "./repositories.ts";
import { backendColumns, farmColumns, fromJsonText, toStoredFarm } from "./rows.ts";
import type { Statements } from "./statements.ts";
import type { Transaction } from "./store.ts";

/** rows of one insert; SQLite takes 32,766 values at once */
const insertMax = 1000;
/** more changed backends than this are written anew instead of one by one */
const updateMax = 20;

export async function findFarm({ rows }: Statements, balancerId: string, farmId: string): Promise<StoredFarm | null> {
  const [row] = await rows(
    Prisma.sql`SELECT "version", "document" FROM "Farm" WHERE "id" = ${farmId} AND "balancerId" = ${balancerId}`,
  );
  if (row === undefined) return null;
  const [version, document] = row;
  return toStoredFarm({ id: farmId, version: Number(version), document: fromJsonText(document) });
}

export type FarmWrite = { readonly farmId: string; readonly before: Farm | null; readonly after: Farm | null };

/** `before` is what the rows hold now. */
export async function writeFarm(
  statements: Statements,
  balancerId: string,
  write: FarmWrite,
  version: number,
  atMs: number,
): Promise<void> {
  const { farmId, before, after } = write;
  if (after === null) {
    // its backends go with it: a foreign key says so
    await statements.run(Prisma.sql`DELETE FROM "Farm" WHERE "id" = ${farmId} AND "balancerId" = ${balancerId}`);
    return;
  }
  const { name, enabled, protocol, scheduler } = after;
  const document = JSON.stringify(after);
  const updatedAt = new Date(atMs);
  if (before === null) {
    await statements.run(Prisma.sql`INSERT INTO "Farm"
      ("id", "balancerId", "name", "enabled", "protocol", "scheduler", "version", "document", "updatedAt")
      VALUES (${farmId}, ${balancerId}, ${name}, ${enabled}, ${protocol}, ${scheduler}, ${version}, ${document}, ${updatedAt})`);
    return insertBackends(statements, after);
  }
  await statements.run(Prisma.sql`UPDATE "Farm" SET "name" = ${name}, "enabled" = ${enabled}, "protocol" = ${protocol},
    "scheduler" = ${scheduler}, "version" = ${version}, "document" = ${document}, "updatedAt" = ${updatedAt}
    WHERE "id" = ${farmId}`);
  await updateBackends(statements, before, after);
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

async function insertBackends({ run }: Statements, farm: Farm): Promise<void> {
  for (const part of parts([...farm.backends.entries()], insertMax)) {
    const values = part.map(
      ([position, { id, name, address, port, weight, adminState, tier }]) =>
        Prisma.sql`(${id}, ${farm.id}, ${position}, ${name}, ${address}, ${port}, ${weight}, ${adminState}, ${tier})`,
    );
    await run(Prisma.sql`INSERT INTO "Backend"
      ("id", "farmId", "position", "name", "address", "port", "weight", "adminState", "tier")
      VALUES ${Prisma.join(values)}`);
  }
}

async function updateBackends(statements: Statements, before: Farm, after: Farm): Promise<void> {
  const changed = sameBackends(before, after)
    ? after.backends.filter((backend, at) => !isSameRow(before.backends[at], backend))
    : null;
  if (changed === null || changed.length > updateMax) {
    await statements.run(Prisma.sql`DELETE FROM "Backend" WHERE "farmId" = ${after.id}`);
    return insertBackends(statements, after);
  }
  for (const { id, name, address, port, weight, adminState, tier } of changed)
    await statements.run(Prisma.sql`UPDATE "Backend" SET "name" = ${name}, "address" = ${address}, "port" = ${port},
      "weight" = ${weight}, "adminState" = ${adminState}, "tier" = ${tier}
      WHERE "farmId" = ${after.id} AND "id" = ${id}`);
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
