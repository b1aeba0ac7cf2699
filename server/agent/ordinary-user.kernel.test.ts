/** The agent in an ordinary user's namespace, where the kernel bounds one transaction: first loads in pieces, larger changes refused. */

import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actor, request, TestAgent, testFarm, until } from "./harness.testing.ts";

const ordinaryUid = 65_030;
const farms = Array.from({ length: 300 }, (_, at) => testFarm(at + 1, {}, 10));
let agent: TestAgent;

/** not below a chroot, and not where the machine forbids them */
const asUser = [`--reuid=${ordinaryUid}`, `--regid=${ordinaryUid}`, "--clear-groups", "unshare", "-Urn", "true"];
const hasUserNamespaces = spawnSync("setpriv", asUser).status === 0;

describe.runIf(hasUserNamespaces)("where an ordinary user may make a user namespace", () => {
  beforeAll(async () => {
    agent = await TestAgent.open({ SLUICE_CHUNK_ELEMENTS: "4000" }, ordinaryUid);
  });
  afterAll(() => agent.close());

  test("only the owner of the namespace may call: everybody else, root of the host included, is seen as 65534", async () => {
    const asRoot = await request(agent.socket, "GET", "/v1/status", undefined);
    expect(asRoot.status).toBe(403);
    expect(asRoot.text).toContain("uid 65534");
  });

  test("a first load of 15,000 elements fits in pieces", async () => {
    const answer = await agent.call("POST", "/v1/seed", { uuid: randomUUID(), actor, epoch: 1, farms });
    expect(answer.body).toMatchObject({ outcome: "applied", n: 1 });
    expect(agent.table().match(/goto f_\d+_4/g)).toHaveLength(farms.length);
  });

  test("a larger change in one transaction is refused by name and number, and nothing changes", async () => {
    const before = agent.table();
    const answer = await agent.put(testFarm(3000, {}, 1000));
    expect(answer).toMatchObject({ outcome: "refused", error: { code: "unsupported" } });
    expect(JSON.stringify(answer)).toMatch(/needs \d+ map elements in one transaction.*at most 4000/);
    expect(agent.table()).toBe(before);
    expect(await agent.settled()).toMatchObject({ n: 1, sync: "in-sync" });
  });

  test("an ordinary change is applied, and an emptied kernel is filled again in pieces", async () => {
    expect(await agent.put(testFarm(400))).toMatchObject({ outcome: "applied", n: 2 });
    const whole = agent.table();
    agent.nft("flush", "ruleset");
    await until(() => agent.table() === whole);
  });

  test("a restart on an empty kernel brings everything back", async () => {
    const whole = agent.table();
    await agent.kill("SIGKILL");
    agent.nft("flush", "ruleset");
    await agent.start();
    expect(agent.table()).toBe(whole);
  });
});
