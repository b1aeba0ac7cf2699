import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { checkedFarm, checksWorld, settled } from "./checks.testing.ts";

test("a backend that fails takes nothing after the last failed check, in an urgent turn, and people are told why", async () => {
  const farm = checkedFarm(3);
  const world = checksWorld([farm]);
  await world.pass(farm, "ggg", 2);
  expect([world.health(farm), world.texts()]).toEqual([["up", "up", "up"], []]);
  await world.pass(farm, "bgg", 2);
  expect(world.weights(farm)).toEqual([100, 100, 100]);
  world.checks.take([world.result(farm, 0, "refused")]);
  await settled();
  expect(world.weights(farm)).toEqual([0, 100, 100]);
  expect(world.turns).toEqual(["urgent"]);
  expect(world.texts()).toEqual(["down: b-1 is down: connection refused, last 3 checks"]);
  world.clock.ms += 60_000;
  await world.pass(farm, "ggg", 2);
  expect(world.weights(farm)).toEqual([100, 100, 100]);
  expect(world.texts()[1]).toBe("up: b-1 is up after 1 min 2 s down");
});

test("its share then grows from a tenth to the whole, by a transaction a second and none after it", async () => {
  const farm = checkedFarm(2, { failover: { slowStartS: 10 } });
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  await world.pass(farm, "gg", 2);
  const shares: number[] = [];
  for (let second = 0; second < 12; second++) {
    shares.push(world.weights(farm)[0] ?? 0);
    await world.pass(farm, "gg");
  }
  expect(shares.slice(0, 3)).toEqual([10, 19, 28]);
  expect(shares.slice(10)).toEqual([100, 100]);
  expect(world.turns.length).toBeLessThanOrEqual(13);
  expect(world.checks.of(farm.id, farm.backends[0]?.id ?? "")?.cameUpAt).toBeNull();
});

test("when too many fail at once the checks are not believed, until enough answer again", async () => {
  const farm = checkedFarm(4);
  const world = checksWorld([farm]);
  await world.pass(farm, "gggg", 2);
  await world.pass(farm, "bbbg", 3);
  expect(world.weights(farm)).toEqual([100, 100, 100, 100]);
  expect(world.checks.panic(farm.id)).toContain("3 of 4 backends fail at once: the checks are not believed");
  expect(world.texts().filter((text) => text.includes("fail at once"))).toHaveLength(1);
  await world.pass(farm, "ggbg", 2);
  expect(world.checks.panic(farm.id)).toBeNull();
  expect(world.weights(farm)).toEqual([100, 100, 0, 100]);
  expect(world.texts()).toContain("health: The checks are believed again");
});

test("who answers again but not long enough when the checks are believed again is not said to fail", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bb", 3);
  await world.pass(farm, "gb", 1);
  await world.pass(farm, "gg", 1);
  expect(world.texts()).toContain("down: b-2 is down: answers again, 1 of 2 good checks");
  expect(world.texts().join()).not.toContain("last 0 checks");
});

test("of a farm that was removed, or is not checked any more, nobody says that its checks are believed again", async () => {
  const [gone, unchecked] = [checkedFarm(4), checkedFarm(4, {}, 2)];
  const world = checksWorld([gone, unchecked]);
  for (const farm of [gone, unchecked]) {
    await world.pass(farm, "gggg", 2);
    await world.pass(farm, "bbbg", 3);
    expect(world.checks.panic(farm.id)).not.toBeNull();
  }
  world.remove(gone);
  world.put({ ...unchecked, healthCheck: null });
  expect(world.texts().filter((text) => !/fail at once|is degraded/.test(text))).toEqual([
    "health: The checks that were not believed are not made any more",
  ]);
});

test("a farm whose every backend fails keeps serving, for as long as it takes", async () => {
  const farm = checkedFarm(3);
  const world = checksWorld([farm]);
  await world.pass(farm, "ggg", 2);
  await world.pass(farm, "bbb", 300);
  expect(world.weights(farm).some((weight) => weight > 0)).toBe(true);
  expect(world.checks.panic(farm.id)).not.toBeNull();
});

test("with a sorry server or a higher tier to take over, every failure is believed", async () => {
  const sorry = checkedFarm(3, { sorryServer: { address: "10.1.1.99", port: 80 } });
  const spare = checkedFarm(3, { failover: { panicPct: 50 } }, 2);
  const tiers = { ...spare, backends: spare.backends.map((each, at) => ({ ...each, tier: at === 2 ? 1 : 0 })) };
  const world = checksWorld([sorry, tiers]);
  await world.pass(sorry, "ggg", 2);
  await world.pass(tiers, "ggg", 2);
  await world.pass(sorry, "bbb", 3);
  await world.pass(tiers, "bbg", 3);
  expect([world.weights(sorry), world.weights(tiers)]).toEqual([
    [0, 0, 0],
    [0, 0, 100],
  ]);
});

test("who is out by a window or an ejection is no reserve: those who could serve are kept", async () => {
  const farm = checkedFarm(4);
  const tiered = checkedFarm(3, {}, 2);
  const tiers = { ...tiered, backends: tiered.backends.map((each, at) => ({ ...each, tier: at === 2 ? 1 : 0 })) };
  const world = checksWorld([farm, tiers]);
  await world.pass(farm, "gggg", 2);
  await world.pass(tiers, "ggg", 2);
  for (const at of [2, 3]) world.conditions.set("windows", farm.id, farm.backends[at]?.id ?? "", { out: "window" });
  world.conditions.set("outliers", tiers.id, tiers.backends[2]?.id ?? "", { out: "ejected" });
  await world.pass(farm, "bbgg", 3);
  await world.pass(tiers, "bbg", 3);
  expect([world.weights(farm), world.weights(tiers)]).toEqual([
    [100, 100, 0, 0],
    [100, 100, 0],
  ]);
  expect(world.checks.panic(farm.id)).toContain("the checks are not believed");
});

test("when nobody asks any more, who is in a window does not keep the last one that was down out", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  world.conditions.set("windows", farm.id, farm.backends[1]?.id ?? "", { out: "window" });
  await world.pass(farm, "bg", 3);
  expect(world.weights(farm)).toEqual([0, 0]);
  await world.pass(farm, "--", 30);
  expect(world.weights(farm)).toEqual([100, 0]);
});

test("nobody is taken out before everybody was asked once", async () => {
  const farm = checkedFarm(3, { healthCheck: { type: "tcp", intervalMs: 1000, timeoutMs: 500, fall: 1 } });
  const world = checksWorld([farm]);
  await world.pass(farm, "b--");
  expect(world.weights(farm)).toEqual([100, 100, 100]);
  await world.pass(farm, "bgg");
  expect(world.weights(farm)).toEqual([0, 100, 100]);
});

test("a prober that is gone makes states unknown and empties no farm; who was down stays out while others serve", async () => {
  const farm = checkedFarm(3);
  const world = checksWorld([farm]);
  await world.pass(farm, "ggg", 2);
  await world.pass(farm, "bgg", 3);
  await world.pass(farm, "---", 30);
  expect([world.health(farm), world.weights(farm)]).toEqual([
    ["down", "unknown", "unknown"],
    [0, 100, 100],
  ]);
  await world.pass(farm, "ggg", 3);
  expect(world.health(farm)).toEqual(["up", "up", "up"]);
});

test("a clock that is set makes nothing old look fresh, and nothing fresh old", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  world.jump(3_600_000);
  await world.pass(farm, "--");
  expect(world.health(farm), "set forward").toEqual(["down", "up"]);
  expect(world.checks.of(farm.id, farm.backends[0]?.id ?? "")?.state.since).toBeGreaterThan(world.clock.ms - 5000);
  world.jump(-7_200_000);
  await world.pass(farm, "--", 30);
  expect(world.health(farm), "set back, and nobody asks").toEqual(["down", "unknown"]);
});

test("a backend that flapped does not wait for a clock that was set back", async () => {
  const farm = checkedFarm(2, { failover: { flapChanges: 2 } });
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  await world.pass(farm, "gg", 2);
  expect(world.health(farm)[0]).toBe("down");
  world.jump(-3_600_000);
  await world.pass(farm, "gg", 60);
  expect(world.health(farm)[0]).toBe("degraded");
});

test("where all were down and nobody asks any more, nothing speaks against them", async () => {
  const farm = checkedFarm(2, { failover: { panicPct: 100 } });
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bb", 3);
  expect(world.weights(farm)).toEqual([0, 0]);
  await world.pass(farm, "--", 30);
  expect([world.health(farm), world.weights(farm)]).toEqual([
    ["unknown", "unknown"],
    [100, 100],
  ]);
});

test("in a panic that nobody asks about any more, who was kept is unknown, and serves", async () => {
  const farm = checkedFarm(3);
  const world = checksWorld([farm]);
  await world.pass(farm, "ggg", 2);
  await world.pass(farm, "bbb", 3);
  await world.pass(farm, "---", 30);
  expect([world.health(farm), world.weights(farm), world.checks.panic(farm.id)]).toEqual([
    ["unknown", "unknown", "unknown"],
    [100, 100, 100],
    null,
  ]);
});

test("a restart begins with what was known: who was down is not tried on clients, and nobody goes before a full round", async () => {
  const farm = checkedFarm(3, { failover: { slowStartS: 100 } });
  const [first = "", second = ""] = farm.backends.map(({ id }) => id);
  const world = checksWorld([farm], {
    [farm.id]: {
      [first]: { checks: { health: "down", since: 940_000 } },
      [second]: { checks: { health: "up" }, "slow-start": { factor: 0.5 } },
    },
  });
  expect(world.weights(farm)).toEqual([0, 50, 100]);
  expect(world.checks.of(farm.id, first)?.state.since).toBe(940_000);
  await world.pass(farm, "---", 9);
  expect(world.weights(farm)[0]).toBe(0);
  expect(world.weights(farm)[1]).toBeGreaterThan(55);
  await world.pass(farm, "ggg", 2);
  expect(world.weights(farm)[0]).toBe(10);
  expect(world.texts()).toEqual(["up: b-1 is up after 1 min 11 s down"]);
});

test("UDP flows to who goes down are forgotten and counted; its TCP connections are cut where the farm says so", async () => {
  const udp = checkedFarm(2, { protocol: "udp", ports: [53], healthCheck: { type: "udp" } });
  const cut = checkedFarm(2, { onDown: "cut" }, 2);
  const world = checksWorld([udp, cut]);
  for (const farm of [udp, cut]) {
    await world.pass(farm, "gg", 2);
    await world.pass(farm, "bg", 3);
  }
  expect(world.texts()[0]).toBe("down: b-1 is down: no answer in time, last 3 checks; 3 UDP flows to it forgotten");
  expect(world.cuts).toEqual(["b-1"]);
  // clients of the TCP farm that wait for it or were refused by it
  expect(world.freed).toHaveLength(1);
});

test("what stays open on a backend that went down is counted", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  world.open.count = 12;
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  expect(world.texts()).toEqual(["down: b-1 is down: no answer in time, last 3 checks; 12 open connections stay"]);
});

test("an agent-check moves the weight, drains, or asks for maintenance, and can take it back", async () => {
  const farm = checkedFarm(2, { healthCheck: { type: "agent", port: 7000 } });
  const world = checksWorld([farm]);
  const say = async (more: Parameters<typeof world.result>[3]) => {
    world.checks.take([world.result(farm, 0, null, more)]);
    await world.conditions.settle();
    return world.weights(farm)[0];
  };
  expect([await say({ weightPct: 40 }), await say({ wish: "drain" }), await say({ wish: "maintenance" })]).toEqual([
    40, 0, 0,
  ]);
  expect(world.conditions.of(farm.id).get(farm.backends[0]?.id ?? "")?.out).toBe("window");
  expect(await say({ wish: "ready", weightPct: 100 })).toBe(100);
});

test("who changes is asked in the fast rhythm, and in the usual one as soon as it is clear", async () => {
  const farm = checkedFarm(2, { healthCheck: { type: "tcp", intervalMs: 5000, fastIntervalMs: 500, timeoutMs: 400 } });
  const world = checksWorld([farm]);
  const paces = () => [...world.targets.values()].map(({ intervalMs }) => intervalMs);
  expect(paces()).toEqual([500, 500]);
  await world.pass(farm, "gg", 2);
  expect(paces()).toEqual([5000, 5000]);
  await world.pass(farm, "bg");
  expect(paces()).toEqual([500, 5000]);
  await world.pass(farm, "bg", 2);
  expect(paces()).toEqual([5000, 5000]);
});

test("a check that is taken away takes with it what it said, and its targets", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  const { healthCheck: _, ...rest } = farm;
  world.put({ ...rest, healthCheck: null });
  await settled();
  expect([world.weights({ ...rest, healthCheck: null }), world.targets.size]).toEqual([[100, 100], 0]);
});

test("a changed check keeps the state of its backends; a changed address begins anew", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  const slower = { ...farm, healthCheck: { ...(farm.healthCheck ?? fault()), intervalMs: 3000 } };
  world.put(slower);
  expect(world.health(slower)).toEqual(["down", "up"]);
  const moved = { ...slower, backends: slower.backends.map((each) => ({ ...each, port: 9191 })) };
  world.put(moved);
  await settled();
  expect(world.health(moved)).toEqual(["unknown", "unknown"]);
  expect(world.texts().filter((text) => text.startsWith("up"))).toEqual([
    "up: b-1 was down; nothing is known yet of its new address or port",
  ]);
});

test("a wish outlives an agent that says nothing any more, and goes with the kind of check that heard it", async () => {
  const farm = checkedFarm(2, { healthCheck: { type: "agent", port: 7000 } });
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  world.checks.take([world.result(farm, 0, null, { wish: "maintenance" })]);
  await world.pass(farm, "bg");
  expect(world.weights(farm)).toEqual([0, 100]);
  world.checks.take([world.result(farm, 0, "unhealthy", { wish: "drain" })]);
  expect(world.conditions.said("wish", farm.id, farm.backends[0]?.id ?? "")).toEqual({ factor: 0 });
  const other = { ...farm, healthCheck: checkedFarm(1).healthCheck };
  world.put(other);
  expect(world.weights(other)).toEqual([100, 100]);
});

test("a percentage that the scheduler follows by itself is not taken off twice; a drain and 0 % hold", async () => {
  const farm = checkedFarm(2, { scheduler: "least-load", healthCheck: { type: "agent", port: 7000 } });
  const world = checksWorld([farm]);
  const say = (more: Parameters<typeof world.result>[3]) => {
    world.checks.take([world.result(farm, 0, null, more)]);
    return world.weights(farm)[0];
  };
  expect([say({ weightPct: 50 }), say({ weightPct: 0 }), say({ wish: "drain" }), say({ weightPct: 80 })]).toEqual([
    100, 0, 0, 100,
  ]);
});

test("what a check of a former life said does not outlive it where the check is gone", async () => {
  const bare = checkedFarm(2, { healthCheck: null });
  const world = checksWorld([bare], {
    [bare.id]: { [bare.backends[0]?.id ?? ""]: { checks: { health: "down" }, wish: { factor: 0 } } },
  });
  await settled();
  expect(world.weights(bare)).toEqual([100, 100]);
});

test("a backend that is stopped while it is down leaves no open trouble behind", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  await world.pass(farm, "gg", 2);
  await world.pass(farm, "bg", 3);
  world.put({ ...farm, enabled: false });
  world.put(farm);
  expect(world.texts().at(-1)).toBe("up: b-1 was down; it is not checked any more");
  expect(world.weights(farm)).toEqual([100, 100]);
});

test("an address that may not be checked is not asked, and says so", async () => {
  const farm = checkedFarm(2);
  const own = {
    ...farm,
    backends: farm.backends.map((each, at) => (at === 0 ? { ...each, address: "127.0.0.9" } : each)),
  };
  const world = checksWorld([own]);
  expect([...world.targets.values()].map(({ address }) => address)).toEqual(["10.1.1.2"]);
  expect(await world.checks.test(own.id, own.backends[0]?.id ?? "")).toMatchObject({ error: { code: "conflict" } });
});

test("a backend is asked at once on request; without check or prober the answer says so", async () => {
  const farm = checkedFarm(2);
  const bare = checkedFarm(1, { healthCheck: null }, 2);
  const world = checksWorld([farm, bare]);
  const id = farm.backends[0]?.id ?? "";
  const asking = world.checks.test(farm.id, id);
  expect(world.asked).toEqual([world.keyOf(farm, 0)]);
  world.checks.take([world.result(farm, 0, "unhealthy", { text: "status 503", tookUs: 2500 })]);
  expect(await asking).toMatchObject({
    ok: true,
    value: { ok: false, error: "unhealthy", text: "status 503", tookMs: 2.5 },
  });
  expect(await world.checks.test(bare.id, bare.backends[0]?.id ?? "")).toMatchObject({ error: { code: "conflict" } });
  expect(await world.checks.test(farm.id, id), "who presses fast").toMatchObject({ error: { code: "busy" } });
  world.clock.ms += 1000;
  const late = world.checks.test(farm.id, id);
  for (const timer of world.timers) timer();
  expect(await late).toMatchObject({ error: { code: "outcome-unknown" } });
  world.loseProber();
  expect(await world.checks.test(farm.id, id)).toMatchObject({ error: { code: "agent-down" } });
});

test("a check that cannot be made says nothing of the backend", async () => {
  const farm = checkedFarm(1);
  const world = checksWorld([farm]);
  await world.pass(farm, "g", 2);
  for (let each = 0; each < 5; each++)
    world.checks.take([world.result(farm, 0, "cannot-check", { text: "fping is not installed" })]);
  expect([world.health(farm), world.texts()]).toEqual([["up"], []]);
  await world.pass(farm, "-", 20);
  expect(world.health(farm)).toEqual(["unknown"]);
  expect(world.texts()).toEqual([
    "health: b-1 cannot be checked: fping is not installed; nothing is known of its health",
  ]);
  await world.pass(farm, "g", 3);
  expect(world.texts().slice(1)).toEqual(["health: All its backends can be checked again"]);
});

test("a check that could never be made is told once, with everybody it concerns", async () => {
  const farm = checkedFarm(2);
  const world = checksWorld([farm]);
  const unable = (at: number) => world.result(farm, at, "cannot-check", { text: "fping is not installed" });
  for (let round = 0; round < 3; round++) {
    // their results come one after the other
    world.checks.take([unable(0)]);
    world.checks.take([unable(1)]);
    await world.pass(farm, "--", 10);
  }
  expect(world.texts()).toEqual([
    "health: b-1 and b-2 cannot be checked: fping is not installed; nothing is known of their health",
  ]);
  const third = checkedFarm(3).backends[2] ?? fault();
  world.put({ ...farm, backends: [...farm.backends, third] });
  expect(world.texts(), "one that was not asked yet says nothing of the others").toHaveLength(1);
});

test("a day of results, good and bad, leaves no more behind than an hour of them", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const farm = checkedFarm(3, { failover: { slowStartS: 60 } });
  const world = checksWorld([farm]);
  const heapAfter = async (hours: number) => {
    for (let at = 0; at < hours * 360; at++) {
      world.clock.ms += 9000;
      await world.pass(farm, at % 40 < 4 ? "bgg" : at % 70 < 3 ? "bbb" : "ggd");
    }
    for (const kept of [world.events, world.turns, world.timers]) kept.length = 0;
    collect();
    return process.memoryUsage().heapUsed;
  };
  const early = await heapAfter(3);
  expect((await heapAfter(21)) - early).toBeLessThan(1_000_000);
  expect(world.checks.history(farm.id, farm.backends[0]?.id ?? "")).toMatchObject({
    checks: { length: 200 },
    beats: { length: 120 },
  });
});

function fault(): never {
  throw new Error("the farm has a check");
}
