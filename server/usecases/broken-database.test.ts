/** A change while the database is locked, read-only or missing: one sentence, and nothing half applied. */
import { renameSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backendId, sampleFarm } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import { openDatabase } from "../db/database.ts";
import { makeReadOnly } from "../db/temporary-database.testing.ts";
import { expectAgreementOf, refusedTextsOf } from "./agreement.testing.ts";
import { readFarm } from "./read-farm.ts";
import { reconcile } from "./reconcile.ts";
import { saveFarm } from "./save-farm.ts";
import { setWeights } from "./set-weights.ts";
import { settleAfterMs } from "./settle-changes.ts";
import { makeWorld, operator, viewer, type World } from "./world.testing.ts";

// opening a database loads a query compiler: slow where the machine is busy
vi.setConfig({ testTimeout: 30_000 });

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const mail = sampleFarm(2, [{}]);
let world: World;
beforeEach(async () => {
  world = await makeWorld();
  expect(await saveFarm(operator, { farm: shop, base: null }, world.deps)).toMatchObject({ status: "ok" });
});
afterEach(() => world.end());

const weigh = (base: number, deps = world.deps) =>
  setWeights(operator, { farmId: shop.id, base, weights: { [backendId(1, 0)]: 10 } }, deps);

/** The agent was not asked, and the page reads the farm as it was. */
async function expectNothingChanged(deps = world.deps): Promise<void> {
  expect(world.agent.farms()).toEqual([shop]);
  expect(await readFarm(viewer, shop.id, deps)).toEqual(ok({ farm: shop, version: 1 }));
}

/** As another process would hold it; the answer lets go. */
function lock(): () => void {
  const other = new Sqlite(world.databasePath);
  other.exec("BEGIN EXCLUSIVE");
  return () => {
    other.exec("ROLLBACK");
    other.close();
  };
}

describe("a change while the database", () => {
  it("is locked is refused in one sentence, before the agent is asked, and goes through afterwards", async () => {
    const release = lock();
    expect(await weigh(1)).toEqual({
      status: "refused",
      code: "storage",
      text: "The database is locked by another process; try again",
      retry: true,
    });
    await expectNothingChanged();
    release();
    expect(await refusedTextsOf(world)).toEqual([]);
    expect(await weigh(1)).toMatchObject({ status: "ok", n: 2 });
    await expectAgreementOf(world);
  });

  it("became locked after the agent took it is told as applied; both sides agree once it is free", async () => {
    let release = () => {};
    world.agent.onApply(
      () => {},
      () => {
        release = lock();
      },
    );
    expect(await weigh(1)).toMatchObject({
      status: "pending",
      text: "Applied as revision 2, but not written down yet: The database is locked by another process; try again",
    });
    release();
    world.clock.ms += settleAfterMs + 1;
    expect(await reconcile(world.deps)).toEqual(ok("caught-up"));
    await expectAgreementOf(world);
  });

  it("is read-only is refused in one sentence; pages still read", async () => {
    await world.database.close();
    makeReadOnly(world.databasePath);
    const opened = await openDatabase({ url: `file:${world.databasePath}` });
    if (!opened.ok) throw new Error(opened.error.text);
    const deps = { ...world.deps, database: async () => ok(opened.value) };
    const text = "The database is read-only: nothing can be saved";
    for (const refused of [await weigh(1, deps), await saveFarm(operator, { farm: mail, base: null }, deps)])
      expect(refused).toEqual({ status: "refused", code: "storage", text, retry: false });
    await expectNothingChanged(deps);
    await opened.value.close();
  });

  it("is missing is refused in one sentence; the file that comes back has nothing of it", async () => {
    renameSync(world.databasePath, `${world.databasePath}.away`);
    expect(await weigh(1)).toEqual({
      status: "refused",
      code: "storage",
      text: "The database file is missing; restart Sluice to make a new one",
      retry: false,
    });
    renameSync(`${world.databasePath}.away`, world.databasePath);
    await expectNothingChanged();
    await expectAgreementOf(world);
  });
});
