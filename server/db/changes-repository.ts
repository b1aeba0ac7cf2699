/** Changes from the moment they are asked for until they are a revision, or refused and kept as a draft. */
import { farmIdsOf } from "../core/change/apply-operation.ts";
import { fail, ok } from "../core/result.ts";
import { Prisma } from "./generated/client.ts";
import type { ChangeState, ChangesRepository, StoredChange } from "./repositories.ts";
import { actorOf, toOperations } from "./rows.ts";
import type { Store } from "./store.ts";

/** refused changes looked through when they are asked for by farm */
const searchMax = 500;

export function createChangesRepository(store: Store): ChangesRepository {
  const { balancerId } = store;
  return {
    begin: ({ uuid, actor, operations, text, at }) =>
      // the agent's journal has it too, and the reconciler brings it in from there
      store.jot(async ({ run }) => {
        await run(Prisma.sql`INSERT INTO "Change"
          ("uuid", "balancerId", "state", "actorId", "actorName", "text", "operations", "at")
          VALUES (${uuid}, ${balancerId}, 'applying', ${actor.id}, ${actor.name}, ${text},
            ${JSON.stringify(operations)}, ${new Date(at)})`);
        return ok(null);
      }),
    refuse: (uuid, text) =>
      store.write(async (tx) => {
        // an applied change stays applied, whatever a late answer says
        await tx.change.updateMany({ where: { uuid, state: "applying" }, data: { state: "refused", text } });
        return ok(null);
      }),
    stateOf: (uuid) =>
      store.read(async (reader) => {
        const row = await reader.change.findUnique({ where: { uuid }, select: { state: true } });
        return ok(row === null ? null : toState(row.state));
      }),
    applying: () =>
      store.read(async (reader) => {
        const where = { balancerId, state: "applying" };
        const rows = await reader.change.findMany({ where, orderBy: [{ at: "asc" }, { uuid: "asc" }] });
        return ok(rows.map(toChange));
      }),
    list: ({ farmId, limit }) =>
      store.read(async (reader) => {
        const rows = await reader.change.findMany({
          where: { balancerId, state: { in: ["applying", "refused"] } },
          orderBy: [{ at: "desc" }, { uuid: "desc" }],
          take: farmId === undefined ? limit : searchMax,
        });
        const changes = rows.map(toChange);
        if (farmId === undefined) return ok(changes);
        return ok(changes.filter(({ operations }) => farmIdsOf(operations).includes(farmId)).slice(0, limit));
      }),
    discard: (uuid) =>
      store.write(async (tx) => {
        const { count } = await tx.change.deleteMany({ where: { uuid, balancerId, state: "refused" } });
        return count === 0 ? fail("not-found", "There is no such refused change") : ok(null);
      }),
  };
}

type ChangeRow = {
  readonly uuid: string;
  readonly state: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly text: string;
  readonly operations: unknown;
  readonly at: Date;
};

function toChange(row: ChangeRow): StoredChange {
  const { uuid, text } = row;
  return {
    uuid,
    state: row.state === "applying" ? "applying" : "refused",
    at: row.at.getTime(),
    by: row.actorName,
    actor: actorOf(row),
    text,
    operations: toOperations(row.operations),
  };
}

function toState(text: string): ChangeState {
  return text === "applied" || text === "refused" ? text : "applying";
}
