/** Sessions as every request asks for them; better-auth makes them and ends them. */
import { ok } from "../core/result.ts";
import { Prisma } from "./generated/client.ts";
import type { SessionsRepository } from "./repositories.ts";
import type { Store } from "./store.ts";

export function createSessionsRepository(store: Store): SessionsRepository {
  return {
    find: (token) =>
      store.look(async ({ rows }) => {
        const [row] = await rows(Prisma.sql`SELECT "User"."id", "User"."name", "User"."role", "Session"."expiresAt"
          FROM "Session" JOIN "User" ON "User"."id" = "Session"."userId" WHERE "Session"."token" = ${token}`);
        if (row === undefined) return ok(null);
        const [userId, name, role, expiresAt] = row.map(String);
        return ok({ userId: userId ?? "", name: name ?? "", role: role ?? "", expiresAt: Date.parse(expiresAt ?? "") });
      }),
    prune: (endedBefore) =>
      store.write(async (tx) => {
        const { count } = await tx.session.deleteMany({ where: { expiresAt: { lt: new Date(endedBefore) } } });
        return ok(count);
      }),
  };
}
