import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Farm } from "../core/farm/types.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { awaitEvents, awaitRow } from "./live-rows.testing.ts";
import type { Held } from "./messages.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

const vip = "192.168.0.40";
let lab: OpenLab;
let farms: FarmCalls;
let farm: Farm;
let held: Held[];

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

beforeEach(async () => {
  farm = makeFarm({
    name: "shop",
    addresses: [vip],
    scheduler: "round-robin",
    backends: [
      { address: "192.168.100.10", port: 80 },
      { address: "192.168.100.11", port: 80 },
    ],
  });
  await farms.put(farm);
  held = await lab.hold({ address: vip, port: 80, count: 6 });
  expect(held.filter((one) => one.backend === "web-1")).toHaveLength(3);
});
afterEach(async () => {
  await lab.held({ ids: held.map((one) => one.id), action: "release" });
  await farms.remove(farm.id);
});

const idsOf = (name: string) => held.filter((one) => one.backend === name).map((one) => one.id);

describe("taking a backend out", () => {
  test("drain keeps its open connections and gives it no new one", async () => {
    await farms.state(farm, 0, "drain");
    const still = await lab.held({ ids: idsOf("web-1"), action: "ask" });
    expect(still.map(({ backend, error }) => ({ backend, error }))).toEqual(
      Array.from({ length: 3 }, () => ({ backend: "web-1", error: null })),
    );
    expect((await lab.connect({ address: vip, port: 80, count: 50 })).answered).toEqual({ "web-2": 50 });
  });

  test("maintenance keeps its open connections until they are cut, and gives it no new one", async () => {
    await farms.state(farm, 0, "maintenance");
    const still = await lab.held({ ids: idsOf("web-1"), action: "ask" });
    expect(still.every((one) => one.backend === "web-1" && one.isOpen)).toBe(true);
    expect((await lab.connect({ address: vip, port: 80, count: 50 })).answered).toEqual({ "web-2": 50 });
  });

  test("resume gives it new connections again", async () => {
    await farms.state(farm, 0, "drain");
    await farms.state(farm, 0, "active");
    expect((await lab.connect({ address: vip, port: 80, count: 50 })).answered).toEqual({ "web-1": 25, "web-2": 25 });
  });

  test("cut resets both ends of its connections and leaves the other backend's alone", async () => {
    const before = (await lab.counters())["web-1"];
    // the hardest case: the client only receives, so only its acknowledgements meet the first reset
    await lab.held({ ids: idsOf("web-1"), action: "stream" });
    await farms.state(farm, 0, "maintenance");
    await farms.cut(farm, 0);
    const cut = await lab.held({ ids: idsOf("web-1"), action: "await-end", timeoutMs: 5000 });
    expect(cut.map(({ isOpen, error }) => ({ isOpen, error }))).toEqual(
      Array.from({ length: 3 }, () => ({ isOpen: false, error: "ECONNRESET" })),
    );
    const resets = async () => ((await lab.counters())["web-1"]?.resets ?? 0) - (before?.resets ?? 0);
    await expect.poll(resets).toBe(3);
    const kept = await lab.held({ ids: idsOf("web-2"), action: "ask" });
    expect(kept.map((one) => one.error)).toEqual([null, null, null]);
  });
});

describe("over time", () => {
  test("what a drain has left at its deadline is reset at both ends, and a drain that is empty is told", async () => {
    farm = { ...farm, drainDeadlineS: 1 };
    await farms.put(farm);
    // a reset is met by the next packet of a connection
    await lab.held({ ids: idsOf("web-1"), action: "stream" });
    const isEnd = (text: string) => text.includes("is empty") || text.includes("deadline");
    let ends = 0;
    const heard = awaitEvents(lab.socket, farm.id, ({ text }) => isEnd(text) && ++ends === 2);
    await farms.state(farm, 0, "drain");
    const row = await awaitRow(lab.socket, farm.id, ({ backends }) => backends[0]?.drain?.left === 3);
    expect(row?.row.backends[0]?.drain).toMatchObject({ left: 3 });
    const cut = await lab.held({ ids: idsOf("web-1"), action: "await-end", timeoutMs: 8000 });
    expect(cut.map(({ isOpen, error }) => ({ isOpen, error }))).toEqual(
      Array.from({ length: 3 }, () => ({ isOpen: false, error: "ECONNRESET" })),
    );
    const told = (await heard).filter(({ text }) => isEnd(text));
    expect(told.map(({ kind, text }) => [kind, text.replace(/\d+ s after/, "n s after")]).sort()).toEqual([
      ["change", "The deadline of its drain passed (1 s): web-1 was cut: 3 open connections ended"],
      ["empty", "web-1 of shop is empty: no open connection left, n s after its drain began"],
    ]);
    const kept = await lab.held({ ids: idsOf("web-2"), action: "ask" });
    expect(kept.map((one) => one.error)).toEqual([null, null, null]);
  });

  test("a maintenance window takes a backend out and lets it come back, with nobody there; open connections stay", async () => {
    const moment = (inMs: number) => new Date(Date.now() + inMs).toISOString();
    const maintenanceWindows = [
      { backend: "web-1", startsAt: moment(0), endsAt: moment(2500), note: "disk" },
      { backend: "web-1", startsAt: moment(1000), endsAt: moment(3500), note: "" },
    ];
    farm = { ...farm, maintenanceWindows };
    const heard = awaitEvents(lab.socket, farm.id, ({ text }) => text.includes("is back"));
    await farms.put(farm);
    const out = await awaitRow(lab.socket, farm.id, ({ backends }) => backends[0]?.out !== undefined);
    expect(out?.row.backends[0]?.out).toMatchObject({ why: "window", text: "disk" });
    expect((await lab.connect({ address: vip, port: 80, count: 20 })).answered).toEqual({ "web-2": 20 });
    const still = await lab.held({ ids: idsOf("web-1"), action: "ask" });
    expect(still.map((one) => one.error)).toEqual([null, null, null]);
    const told = (await heard).filter(({ text }) => text.includes("web-1 of shop"));
    expect(told.map(({ kind, text }) => [kind, text.replace(/until .*: /, "until then: ")])).toEqual([
      ["drain", "web-1 of shop is in maintenance until then: disk"],
      ["change", "web-1 of shop is back from its maintenance window"],
    ]);
    expect((await lab.connect({ address: vip, port: 80, count: 20 })).answered).toEqual({ "web-1": 10, "web-2": 10 });
  });
});
