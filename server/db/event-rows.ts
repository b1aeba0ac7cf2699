/** One line of the log. The farm's name is kept beside its id: the farm may be gone when somebody reads the log. */
import { Prisma } from "./generated/client.ts";
import type { NewEvent } from "./repositories.ts";
import type { Statements } from "./statements.ts";

/** An event that is there already (same life of the agent, same number) stays as it is. */
export async function insertEvent(
  { run }: Pick<Statements, "run">,
  balancerId: string,
  event: NewEvent,
): Promise<void> {
  const { bootId, seq, at, kind, farmId, backendId, text, by } = event;
  await run(Prisma.sql`INSERT INTO "Event"
    ("balancerId", "bootId", "seq", "at", "kind", "farmId", "farmName", "backendId", "text", "actorName")
    VALUES (${balancerId}, ${bootId}, ${seq}, ${new Date(at)}, ${kind}, ${farmId},
      (SELECT "name" FROM "Farm" WHERE "id" = ${farmId}), ${backendId}, ${text}, ${by})
    ON CONFLICT ("bootId", "seq") DO NOTHING`);
}
