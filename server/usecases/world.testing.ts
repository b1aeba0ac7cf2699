/** A web process's outside for the tests of this folder: a real database in a temporary folder, a fake agent, a clock and ids by hand. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import type { Actor } from "../auth/actor.ts";
import { uuid } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import { openDatabase } from "../db/database.ts";
import type { Database } from "../db/repositories.ts";
import { createHistory } from "../history/history.ts";
import type { Deps } from "./deps.ts";
import { createFakeAgent, type FakeAgent } from "./fake-agent.testing.ts";

export const admin: Actor = { id: "p1", name: "Ada", role: "admin" };
export const operator: Actor = { id: "p2", name: "Otto", role: "operator" };
export const viewer: Actor = { id: "p3", name: "Vera", role: "viewer" };

export type World = {
  readonly deps: Deps;
  readonly agent: FakeAgent;
  readonly database: Database & { close(): Promise<void> };
  readonly databasePath: string;
  readonly clock: { ms: number };
  /** farms of the database by id, as the agent's are compared with */
  farms(): Promise<unknown[]>;
  end(): Promise<void>;
};

export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-web-"));
  const path = join(folder, "sluice.db");
  migrate(path);
  const opened = await openDatabase({ url: `file:${path}` });
  if (!opened.ok) throw new Error(opened.error.text);
  const database = opened.value;
  const agent = createFakeAgent();
  const clock = { ms: 1_000_000 };
  let ids = 900_000;
  const history = createHistory({
    path: join(folder, "history.db"),
    bytesMax: 1e9,
    pause: async () => {},
    log: () => {},
  });
  const deps: Deps = {
    database: async () => ok(database),
    agent: agent.link,
    history,
    nowMs: () => clock.ms,
    newId: () => uuid(ids++),
    wait: async () => {},
    log: () => {},
  };
  return {
    deps,
    agent,
    database,
    databasePath: path,
    clock,
    async farms() {
      const list = await database.farms.list();
      if (!list.ok) throw new Error(list.error.text);
      return list.value.map(({ farm }) => farm).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    async end() {
      await database.close();
      history.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The committed migrations, in their order. */
function migrate(path: string): void {
  const migrations = new URL("../../prisma/migrations/", import.meta.url);
  const file = new Sqlite(path);
  for (const each of readdirSync(migrations, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (each.isDirectory()) file.exec(readFileSync(new URL(`${each.name}/migration.sql`, migrations), "utf8"));
  file.close();
}
