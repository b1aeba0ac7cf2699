/** Rows of named lists: the document as accepted, and its name for queries. */
import type { NamedList } from "../core/farm/named-list.ts";
import { Prisma } from "./generated/client.ts";
import type { StoredList } from "./repositories.ts";
import { fromJsonText, toJson, toStoredList } from "./rows.ts";
import type { Statements } from "./statements.ts";
import type { Transaction } from "./store.ts";

/** All of them, by name. */
export async function findLists({ rows }: Statements, balancerId: string): Promise<StoredList[]> {
  const found = await rows(
    Prisma.sql`SELECT "id", "version", "document" FROM "List" WHERE "balancerId" = ${balancerId} ORDER BY "name"`,
  );
  return found.map(([id, version, document]) =>
    toStoredList({ id: String(id), version: Number(version), document: fromJsonText(document) }),
  );
}

export async function findList({ rows }: Statements, balancerId: string, id: string): Promise<StoredList | null> {
  const [row] = await rows(
    Prisma.sql`SELECT "version", "document" FROM "List" WHERE "id" = ${id} AND "balancerId" = ${balancerId}`,
  );
  if (row === undefined) return null;
  return toStoredList({ id, version: Number(row[0]), document: fromJsonText(row[1]) });
}

/** null = it is gone */
export async function writeList(
  { run }: Statements,
  balancerId: string,
  listId: string,
  list: NamedList | null,
  version: number,
  atMs: number,
): Promise<void> {
  if (list === null) {
    await run(Prisma.sql`DELETE FROM "List" WHERE "id" = ${listId} AND "balancerId" = ${balancerId}`);
    return;
  }
  await run(Prisma.sql`INSERT INTO "List" ("id", "balancerId", "name", "version", "document", "updatedAt")
    VALUES (${listId}, ${balancerId}, ${list.name}, ${version}, ${JSON.stringify(list)}, ${new Date(atMs)})
    ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name", "version" = excluded."version",
      "document" = excluded."document", "updatedAt" = excluded."updatedAt"`);
}

/** All lists of the balancer at once. */
export async function replaceLists(
  tx: Transaction,
  balancerId: string,
  lists: readonly StoredList[],
  atMs: number,
): Promise<void> {
  await tx.list.deleteMany({ where: { balancerId } });
  const updatedAt = new Date(atMs);
  const data = lists.map(({ list, version }) => {
    return { id: list.id, balancerId, name: list.name, version, document: toJson(list), updatedAt };
  });
  await tx.list.createMany({ data });
}
