/** People, signing in, and what the log says of both: real database, a clock by hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createAuth } from "../auth/auth.ts";
import { createLockout } from "../auth/lockout.ts";
import type { AuthRuntime } from "../auth/runtime.ts";
import { ok } from "../core/result.ts";
import { temporaryDatabases } from "../db/temporary-database.testing.ts";
import { enter } from "./enter.ts";
import { createPerson, readPeople, removePerson, setPassword, setRole } from "./people.ts";
import { admin } from "./world.testing.ts";

const databases = temporaryDatabases();
const folder = mkdtempSync(join(tmpdir(), "sluice-people-"));
afterAll(async () => {
  await databases.end();
  rmSync(folder, { recursive: true, force: true });
});

test("the log names whom a change was about, who came in from where, and each lock once however long it is guessed on", async () => {
  const database = await databases.open(databases.file());
  const clock = { ms: 10_000_000 };
  const made: AuthRuntime = {
    auth: createAuth({ storage: database.authStorage, secret: "s".repeat(43), origins: ["http://127.0.0.1:3000"] }),
    lockout: createLockout(database.lockouts),
    ...{ sessions: database.sessions, database, dataDir: folder, nowMs: () => clock.ms, newToken: () => "t" },
  };
  const runtime = async () => ok(made);
  const password = "gates open at dawn";
  const caller = (from: string) => ({ from, headers: new Headers() });
  const ada = { name: "Ada", username: "ada", password, role: "viewer" };
  expect(await createPerson(admin, ada, runtime)).toEqual({ status: "ok" });
  const people = await readPeople(admin, runtime);
  const personId = people.status === "ok" ? (people.people[0]?.id ?? "") : "";
  await enter({ username: "Ada", password }, caller("192.0.2.7"), runtime);
  for (let guess = 0; guess < 12; guess++)
    await enter({ username: "ada", password: "a wrong one" }, caller(`198.51.100.${guess}`), runtime);
  for (let guess = 0; guess < 7; guess++)
    await enter({ username: "my pass word!", password: "x" }, caller("203.0.113.9\nforged"), runtime);
  await setRole(admin, { personId, role: "operator" }, runtime);
  await setPassword(admin, { personId, password: "another password" }, runtime);
  await removePerson(admin, { personId }, runtime);
  const events = await database.events.list({ limit: 50 });
  const lines = events.ok ? events.value.map(({ kind, text, by }) => `${kind} | ${text} | ${by}`).reverse() : [];
  expect(lines).toEqual([
    `people | ada was added as viewer | ${admin.name}`,
    "sign-in | ada signed in from 192.0.2.7 | ada",
    "sign-in | Too many wrong passwords for ada; the last came from 198.51.100.4 | somebody",
    "sign-in | Too many wrong passwords for a name that cannot be one; the last came from 203.0.113.9fed | somebody",
    `people | The role of ada was set to operator | ${admin.name}`,
    `people | The password of ada was set | ${admin.name}`,
    `people | ada was removed | ${admin.name}`,
  ]);
});
