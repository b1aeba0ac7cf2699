import { afterEach, beforeEach, expect, it } from "vitest";
import { neverSeen } from "../agent-link/agent-state.ts";
import { fail } from "../core/result.ts";
import { webProcess } from "../platform/web-process.ts";
import { knownHosts, readHosts } from "./read-hosts.ts";
import { makeWorld, viewer, type World } from "./world.testing.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const features = [{ name: "nft", ok: true, text: "nft 1.0.6" }];
const last = { ...neverSeen(webProcess()), state: "answering", hostname: "lb-1", kernel: "6.18", features } as const;

it("of an agent that does not answer stays what it said last, with the sentence that it does not answer", async () => {
  const status = async () => fail("agent-down", "The agent does not answer");
  const read = await readHosts(viewer, last, { ...world.deps, agent: { ...world.deps.agent, status } });
  const [host] = read.ok ? read.value : [];
  const agent = { state: "lost", text: "The agent does not answer", kernel: "6.18", features };
  expect(host).toMatchObject({ name: "lb-1", version: null, agent, storageProblem: null });
});

it("what is known is there without asking", () => {
  expect(knownHosts(last)).toMatchObject([{ name: "lb-1", storageProblem: null, agent: last }]);
  expect(knownHosts(neverSeen(webProcess()))).toMatchObject([{ name: "This balancer", agent: { state: "lost" } }]);
});
