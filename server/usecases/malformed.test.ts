import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Actor } from "../auth/actor.ts";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { cutBackend } from "./cut-backend.ts";
import type { Deps } from "./deps.ts";
import { createFakeAgent } from "./fake-agent.testing.ts";
import { createPerson, removePerson, setOwnPassword, setPassword, setRole } from "./people.ts";
import { previewChange } from "./preview-change.ts";
import { removeFarm } from "./remove-farm.ts";
import { saveFarm } from "./save-farm.ts";
import { setAdminState } from "./set-admin-state.ts";
import { setEnabled } from "./set-enabled.ts";
import { setWeights } from "./set-weights.ts";
import { undoRevision } from "./undo-revision.ts";

const admin: Actor = { id: "p1", name: "Ada", role: "admin" };
const beyond = () => {
  throw new Error("malformed input went past parsing");
};
const deps: Deps = {
  database: beyond,
  agent: createFakeAgent().link,
  get history() {
    return beyond();
  },
  nowMs: () => 0,
  newId: () => "00000000-0000-4000-8000-000000000009",
  wait: async () => {},
  log: () => {},
};

const changes = {
  saveFarm,
  removeFarm,
  setEnabled,
  setWeights,
  setAdminState,
  cutBackend,
  undoRevision,
  previewChange,
};
const people = {
  createPerson,
  setRole,
  setPassword,
  removePerson,
  setOwnPassword: (actor: Actor, input: unknown, runtime: () => never) =>
    setOwnPassword(actor, input, { from: "192.0.2.1", headers: new Headers() }, runtime),
};
const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  maxDepth: 4,
});
const keys = fc.constantFrom(
  "farm",
  "base",
  "farmId",
  "weights",
  "states",
  "backendId",
  "enabled",
  "epoch",
  "n",
  "__proto__",
  "constructor",
  "personId",
  "role",
  "password",
  "current",
  "username",
  "name",
);
const almost = fc.dictionary(keys, anything);

describe("malformed input", () => {
  for (const [name, act] of Object.entries(changes))
    it(`to ${name} is refused as a value, whatever it is`, async () => {
      const input = fc.oneof(anything, almost);
      await fc.assert(
        fc.asyncProperty(input, async (each) => {
          expect((await act(admin, each, deps)).status).not.toBe("ok");
        }),
        { numRuns: 400 },
      );
    });

  for (const [name, act] of Object.entries(people))
    it(`to ${name} is refused as a value, whatever it is`, async () => {
      const input = fc.oneof(anything, almost);
      await fc.assert(
        fc.asyncProperty(input, async (each) => {
          expect((await act(admin, each, beyond)).status).not.toBe("ok");
        }),
        { numRuns: 400 },
      );
    });

  it("a farm with one field of the wrong kind is refused", async () => {
    const farm = sampleFarm(1, [{}]);
    const field = fc.constantFrom(...Object.keys(farm));
    const wrong = fc.oneof(
      fc.bigInt(),
      fc.constant(Number.NaN),
      fc.constant(() => 1),
      fc.constant(Symbol("x")),
    );
    const property = fc.asyncProperty(field, wrong, async (key, value) => {
      const outcome = await saveFarm(admin, { farm: { ...farm, [key]: value }, base: null }, deps);
      expect(outcome.status).not.toBe("ok");
    });
    await fc.assert(property, { numRuns: 400 });
  });

  it("a cycle, and a depth without end, are refused", async () => {
    const cycle: Record<string, unknown> = { base: null };
    cycle.farm = cycle;
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    for (const input of [cycle, { farm: deep, base: null }])
      expect((await saveFarm(admin, input, deps)).status).toBe("field-errors");
  });
});
