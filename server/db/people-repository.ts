/** People and their roles; passwords and sign-ins are better-auth's. There is always an administrator once there was one. */
import * as z from "zod/mini";
import type { Role } from "../core/change/views.ts";
import { fail, invalid, ok, type Result } from "../core/result.ts";
import type { PeopleRepository, Person } from "./repositories.ts";
import type { Store, Transaction } from "./store.ts";

const roleSchema = z.catch(z.enum(["viewer", "operator", "admin"]), "viewer");

export function createPeopleRepository(store: Store): PeopleRepository {
  return {
    list: () =>
      store.read(async (reader) => {
        const rows = await reader.user.findMany({ orderBy: [{ createdAt: "asc" }, { id: "asc" }] });
        return ok(rows.map(toPerson));
      }),
    count: () =>
      store.read(async (reader) => {
        const people = await reader.user.count();
        const admins = await reader.user.count({ where: { role: "admin" } });
        return ok({ people, admins });
      }),
    setRole: (id, role) =>
      store.write(async (tx) => {
        const allowed = await mayLose(tx, id, role);
        if (!allowed.ok) return allowed;
        await tx.user.update({ where: { id }, data: { role } });
        await tx.session.deleteMany({ where: { userId: id } });
        return ok(null);
      }),
    remove: (id) =>
      store.write(async (tx) => {
        const allowed = await mayLose(tx, id, null);
        if (!allowed.ok) return allowed;
        await tx.user.delete({ where: { id } });
        return ok(null);
      }),
  };
}

/** Whether the person may get this role (null: be removed) without leaving nobody who administers. */
async function mayLose(tx: Transaction, id: string, role: Role | null): Promise<Result<null>> {
  const person = await tx.user.findUnique({ where: { id }, select: { role: true } });
  if (person === null) return fail("not-found", "There is no such person");
  if (person.role !== "admin" || role === "admin") return ok(null);
  const others = await tx.user.count({ where: { role: "admin", id: { not: id } } });
  return others > 0 ? ok(null) : invalid([{ path: "role", message: "This is the last administrator" }]);
}

type UserRow = {
  readonly id: string;
  readonly username: string | null;
  readonly name: string;
  readonly role: string;
  readonly createdAt: Date;
};

function toPerson({ id, username, name, role, createdAt }: UserRow): Person {
  return { id, username: username ?? "", name, role: roleSchema.parse(role), createdAt: createdAt.getTime() };
}
