/** Changes made by the `sluice` command while web was away: they reach the database as revisions, with who made them. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { makeRealAgent, missingForAgent, type RealAgent } from "../agent-link/real-agent.testing.ts";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { ok } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { reconcile } from "./reconcile.ts";
import { saveFarm } from "./save-farm.ts";
import { makeWorld, operator, type World } from "./world.testing.ts";

const command = fileURLToPath(new URL("../start/sluice.mjs", import.meta.url));
const missing = missingForAgent();
let world: World;
let agent: RealAgent;
let deps: Deps;

beforeEach(async () => {
  world = await makeWorld();
  agent = makeRealAgent();
  await agent.start();
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  deps = { ...world.deps, agent: createAgentLink({ socketPath: agent.socketPath }), wait };
});
afterEach(async () => {
  await agent.end();
  await world.end();
});

function sluice(words: readonly string[], input = ""): void {
  const argv = [command, ...words, "--socket", agent.socketPath];
  const { status, stderr } = spawnSync(process.execPath, argv, { input, encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
}

describe.skipIf(missing !== null)(
  `the command line and the database${missing === null ? "" : ` (needs ${missing})`}`,
  () => {
    it("agree: what was changed while web was away is in the database as revisions, with uid and sentences", async () => {
      const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
      expect(await saveFarm(operator, { farm: shop, base: null }, deps)).toMatchObject({ status: "ok", n: 1 });
      sluice(["weight", "farm-1/web-2", "70"]);
      sluice(["drain", "farm-1/web-1"]);
      sluice(["apply", "-"], JSON.stringify({ farms: [sampleFarm(2, [{}]), sampleFarm(3, [{}])] }));
      expect(await reconcile(deps)).toEqual(ok("caught-up"));
      const theirs = await deps.agent.farms();
      expect(theirs.ok && theirs.value.farms.map(({ farm }) => farm)).toEqual(await world.farms());
      const uid = process.getuid?.() ?? 0;
      for (const [n, sentence] of [
        [2, "web-2 weight 50 to 70"],
        [3, "web-1 is drained"],
        [4, "New farm farm-2"],
      ] as const) {
        const revision = await world.database.revisions.get(1, n);
        expect(revision.ok && [revision.value.actor.id, revision.value.peerUid]).toEqual([
          `uid:${uid}`,
          inNamespace(uid),
        ]);
        expect(revision.ok && revision.value.sentences.join("\n")).toContain(sentence);
      }
      expect(await reconcile(deps)).toEqual(ok("in-sync"));
    });
  },
);

/** An ordinary user's agent stands in a user namespace, which shows its owner as 0. */
function inNamespace(uid: number): number {
  return uid === 0 ? uid : 0;
}
