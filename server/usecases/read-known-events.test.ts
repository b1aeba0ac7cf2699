import { afterEach, beforeEach, expect, it } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import type { StreamMessage } from "../wire/stream.ts";
import { readKnownEvents } from "./read-known-events.ts";
import { saveFarm } from "./save-farm.ts";
import { setAdminState } from "./set-admin-state.ts";
import { makeWorld, operator, type World } from "./world.testing.ts";
import { createEventWriter } from "./write-events.ts";

let world: World;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.end());

const shop = sampleFarm(1, [{}, {}]);
const mail = sampleFarm(2, [{}]);
const event = { seq: 1, at: 9, kind: "drift", farmId: null, backendId: null, text: "put right", revision: null };
const hello = { type: "hello", status: { bootId: "boot", at: 9 }, events: [event] } as unknown as StreamMessage;

async function known() {
  const read = await readKnownEvents(world.deps);
  if (!read.ok) throw new Error(read.error.text);
  return read.value.map(({ key, event: { kind, farmId, text, revision } }) => ({ key, kind, farmId, text, revision }));
}

it("written down events come back as the agent told them, a revision for each of its farms, nothing about people", async () => {
  const writer = createEventWriter(world.deps);
  writer.receive(hello);
  writer.lose("The agent went silent", 12);
  await writer.flush();
  const person = { bootId: null, seq: null, at: 13, farmId: null, backendId: null, by: "Ada" };
  await world.database.events.append([{ ...person, kind: "sign-in", text: "Ada signed in" }]);
  expect(await known()).toEqual([
    { key: "boot 1", kind: "drift", farmId: null, text: "put right", revision: null },
    { key: "12 The agent went silent", kind: "lost", farmId: null, text: "The agent went silent", revision: null },
  ]);
});

it("revisions come back with their number and kind, one for each farm", async () => {
  await saveFarm(operator, { farm: shop, base: null }, world.deps);
  const states = { [backendId(1, 0)]: "drain" };
  await setAdminState(operator, { farmId: shop.id, base: 1, states }, world.deps);
  const put = [shop, mail].map((farm, index) => ({
    type: "put-farm" as const,
    base: index === 0 ? 2 : null,
    farm: { ...farm, notes: "both" },
  }));
  world.agent.commandLine(uuid(77), put);
  await setAdminState(operator, { farmId: mail.id, base: 3, states: { [backendId(2, 0)]: "maintenance" } }, world.deps);
  const text = (n: number) => `Revision ${n}: changed`;
  await expect.poll(known).toEqual([
    { key: `revision 1.1 ${shop.id}`, kind: "change", farmId: shop.id, text: text(1), revision: 1 },
    { key: `revision 1.2 ${shop.id}`, kind: "drain", farmId: shop.id, text: text(2), revision: 2 },
    { key: `revision 1.3 ${shop.id}`, kind: "change", farmId: shop.id, text: text(3), revision: 3 },
    { key: `revision 1.3 ${mail.id}`, kind: "change", farmId: mail.id, text: text(3), revision: 3 },
    { key: `revision 1.4 ${mail.id}`, kind: "stop", farmId: mail.id, text: text(4), revision: 4 },
  ]);
});
