/**
 * The kernel itself refuses: a map of our table has been given a size it has reached, so the next element is one too many. Nothing is
 * faked; the agent learns of it from the transaction alone.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { record } from "./answers.testing.ts";
import { actor, TestAgent, testFarm, until } from "./harness.testing.ts";

let agent: TestAgent;
const [first, second, third] = [testFarm(1), testFarm(2), testFarm(3)];

beforeAll(async () => {
  agent = await TestAgent.open();
  await agent.put(first);
  await agent.put(second);
});
afterAll(() => agent.close());

/** The kernel takes a new size for a map that is in use. Two farms have two backends each: four fit. */
function sizeOfBackends(elements: number): void {
  agent.nft(`add map inet sluice be4 { type mark : ipv4_addr . inet_service; counter; size ${elements}; }`);
}
const withoutSize = (table: string) => table.replace(/\n\t\tsize \d+/g, "");
const sets = (name: string) =>
  agent.nft("list", "map", "inet", "sluice", name).replace(/ counter packets .*?(?=,|\n| :)/g, "");

describe("a change that the real kernel refuses", () => {
  let before: string;

  test("is answered with a typed error and one sentence without nft's own words", async () => {
    before = withoutSize(agent.table());
    sizeOfBackends(4);
    expect(sets("be4")).toContain("size 4");
    const answer = await agent.put(third);
    expect(answer).toMatchObject({
      outcome: "refused",
      error: { code: "kernel-refused", text: "The kernel refused the change: a map is full.", retry: false },
    });
    expect(JSON.stringify(answer)).not.toContain("Could not process rule");
  });

  test("leaves the table, the revision and the other farms as they were", async () => {
    expect(withoutSize(agent.table())).toBe(before);
    expect(await agent.settled()).toMatchObject({ n: 2, farms: 2, sync: "in-sync" });
    const farms = record((await agent.call("GET", "/v1/farms")).body).farms;
    expect(farms).toMatchObject([{ farm: { name: "farm-1" } }, { farm: { name: "farm-2" } }]);
    expect(agent.journal()).not.toMatch(/"outcome":"applied"[^\n]*"n":3/);
  });

  test("of two farms at once is refused whole: the weight that would have fitted is not changed", async () => {
    const weights = { [first.backends[0]?.id ?? ""]: 7 };
    const operations = [
      { type: "set-weights", base: 1, farmId: first.id, weights },
      { type: "put-farm", base: null, farm: third },
    ] as const;
    expect(await agent.change(operations)).toMatchObject({ outcome: "refused", error: { code: "kernel-refused" } });
    expect(withoutSize(agent.table())).toBe(before);
  });

  test("is told in the preview too, before anything is changed", async () => {
    const operations = [{ type: "put-farm", base: null, farm: third }];
    const request = { uuid: "00000000-0000-4000-8000-0000000000aa", actor, operations };
    const preview = record((await agent.call("POST", "/v1/preview", request)).body);
    expect(preview).toMatchObject({ check: { ok: false, text: "The kernel would refuse it: a map is full." } });
  });

  test("does not keep later changes from the kernel: one that fits is applied, and the refused one too once there is room", async () => {
    const weights = { [second.backends[0]?.id ?? ""]: 300 };
    const operations = [{ type: "set-weights", base: 2, farmId: second.id, weights }] as const;
    expect(await agent.change(operations)).toMatchObject({ outcome: "applied", n: 3 });
    sizeOfBackends(65_536);
    expect(await agent.put(third)).toMatchObject({ outcome: "applied", n: 4 });
    expect(agent.table()).toContain("10.99.0.3 . tcp . 80 : goto f_3_4");
  });

  test("is not tried again after a restart: a refusal on disk is an answer", async () => {
    sizeOfBackends(6);
    expect(await agent.put(testFarm(4))).toMatchObject({ outcome: "refused", error: { code: "kernel-refused" } });
    await agent.kill("SIGKILL");
    agent.nft("delete", "table", "inet", "sluice");
    await agent.start();
    await until(() => agent.table().includes("10.99.0.3 . tcp . 80"));
    expect(agent.table()).not.toContain("10.99.0.4");
    expect(await agent.settled()).toMatchObject({ n: 4, farms: 3, sync: "in-sync" });
  });
});
