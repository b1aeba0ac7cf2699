/** The history: revisions as they were accepted, and any farm as it was at any of them, replayed from the nearest snapshot. */
import { fail, ok } from "../core/result.ts";
import { farmAround, farmsAfter, listAround } from "./farm-history.ts";
import type { RevisionsRepository } from "./repositories.ts";
import { toStoredRevision } from "./rows.ts";
import type { Store } from "./store.ts";

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
    listAround: (epoch, n, listId) => store.read((reader) => listAround(reader, { balancerId, epoch, n }, listId)),
    farmsAfter: (places) => store.read(async (reader) => ok(await farmsAfter(reader, balancerId, places))),
  };
}
