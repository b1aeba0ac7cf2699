import { afterAll, expect, test } from "vitest";
import { fail, ok } from "../core/result.ts";
import { readBackendMonitor } from "./read-backend-monitor.ts";
import { testBackend } from "./test-backend.ts";
import { makeWorld, operator, viewer } from "./world.testing.ts";

const [farmId, backendId] = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];

const world = await makeWorld();
const { deps } = world;
afterAll(() => world.end());

test("whoever may read sees a backend's checks; asking it at once is for operators", async () => {
  const entry = { at: 1, ok: true, degraded: false, tookMs: 2, error: null, text: "" };
  const agent = {
    ...deps.agent,
    monitor: async () => ok({ farmId, backendId, checks: [entry], beats: [], weights: [] }),
    checkNow: async () => ok(entry),
  };
  const read = await readBackendMonitor(viewer, farmId, backendId, { ...deps, agent });
  expect(read).toMatchObject({ ok: true, value: { checks: [entry] } });
  expect(await testBackend(viewer, farmId, backendId, { ...deps, agent })).toMatchObject({
    error: { code: "not-allowed" },
  });
  expect(await testBackend(operator, farmId, backendId, { ...deps, agent })).toEqual(ok(entry));
});

test("what is no id never reaches the agent, and what the agent says of a missing check is passed on", async () => {
  const agent = { ...deps.agent, checkNow: async () => fail("conflict", "web-1 has no check") };
  expect(await readBackendMonitor(viewer, "../..", backendId, deps)).toMatchObject({ error: { code: "not-found" } });
  expect(await testBackend(operator, farmId, "x", deps)).toMatchObject({ error: { code: "not-found" } });
  expect(await testBackend(operator, farmId, backendId, { ...deps, agent })).toMatchObject({
    error: { text: "web-1 has no check" },
  });
});
