import { afterAll, beforeAll, expect, test } from "vitest";
import { record } from "./answers.testing.ts";
import { TestAgent, testFarm } from "./harness.testing.ts";

let agent: TestAgent;
beforeAll(async () => {
  agent = await TestAgent.open();
});
afterAll(() => agent.close());

test("the rules of a farm end with the chains that all farms share, once each, and hold nothing of other farms", async () => {
  const farm = testFarm(1);
  await agent.put(farm);
  await agent.put(testFarm(2));
  const answer = await agent.call("GET", `/v1/farms/${farm.id}/ruleset`);
  const text = String(record(answer.body).text);
  const [own = "", shared = ""] = text.split("\t# shared by all farms\n");
  expect(own).toMatch(/chain f_\d+_4 \{\n.*\n\s*goto sched4\n/);
  expect(own).not.toContain("chain sched4");
  expect(shared.match(/chain \w+/g)).toEqual(["chain sched4", "chain dnat4"]);
  expect(shared).toContain("ct mark set ct mark map @slots");
  expect(text.match(/chain f_\d+_4/g)).toHaveLength(1);
  expect(text).toMatch(/\n\}\n$/);
});

test("a listing is whole while the rules change under it", async () => {
  const farm = testFarm(3, { scheduler: "source-hash" });
  await agent.put(farm);
  const other = testFarm(4);
  let base = Number((await agent.put(other)).n);
  let isListed = false;
  const changing = (async () => {
    for (let weight = 1; !isListed; weight = 1 + (weight % 900)) {
      const weights = Object.fromEntries(other.backends.map(({ id }) => [id, weight]));
      const answer = await agent.change([{ type: "set-weights", base, farmId: other.id, weights }]);
      base = Number(answer.n);
    }
  })();
  const whole: unknown[] = [];
  for (let times = 0; times < 6; times++)
    whole.push(record((await agent.call("GET", `/v1/farms/${farm.id}/ruleset`)).body).isWhole);
  isListed = true;
  await changing;
  expect(whole).toEqual(Array.from({ length: 6 }, () => true));
});
