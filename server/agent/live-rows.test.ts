import { expect, test } from "vitest";
import { effective } from "../core/farm/effective.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { DrainLive } from "../core/metrics/live.ts";
import { emptyShareWindow } from "../core/metrics/share-window.ts";
import { turnedNumber } from "../core/ruleset/turned.ts";
import type { ProbeResult } from "../wire/prober.ts";
import { checkedFarm, checksWorld } from "./checks.testing.ts";
import type { Checks } from "./checks.ts";
import { CounterTable } from "./counter-table.ts";
import type { CounterRound } from "./counters.ts";
import { type Conditions, nothingSeen } from "./effective-memo.ts";
import { type FarmTrack, nothingKept } from "./farm-track.ts";
import { createLatency } from "./latency.ts";
import { farmLive } from "./live-rows.ts";
import { unknownFacts } from "./vips.ts";

const atMs = 1_000_000;
const places = ["198.51.100.10", "198.51.100.11", "198.51.100.12"];
type Answers = readonly (ProbeResult["error"] | null)[];

/** One farm whose backends each answered two probes the same way. */
function rowOf(
  answers: Answers,
  more: {
    backends?: readonly object[];
    enabled?: boolean;
    hasProber?: boolean;
    rounds?: number;
    policy?: object;
    before?: CounterRound;
    now?: CounterRound;
    checks?: Pick<Checks, "of" | "panic">;
    conditions?: Conditions;
    atMs?: number;
    active?: number;
    drain?: DrainLive;
  } = {},
) {
  const { backends = [], enabled = true, hasProber = true, rounds = 2 } = more;
  const farm = testFarm(
    1,
    answers.map((_, at) => ({ address: places[at] ?? "", ...backends[at] })),
    { enabled, policy: more.policy ?? {} },
  );
  const latency = createLatency(() => atMs);
  for (let round = rounds; round > 0; round--)
    latency.take(
      answers.map((error, at) => ({
        key: `${at + 1}:connect`,
        at: atMs - round,
        connectUs: error === null ? 300 : null,
        tookUs: error === null ? 300 : null,
        text: "",
        degraded: false,
        error,
      })),
    );
  const track: FarmTrack = {
    farm,
    version: 1,
    farmNumber: 3,
    eff: effective(farm, new Map()),
    ids: answers.map((_, at) => at + 1),
    allocated: undefined,
    sorryId: null,
    denials: new Map(),
    planned: [],
    programmed: [],
    isGoal: false,
    window: emptyShareWindow(answers.length, atMs),
    lastNewAt: { 4: null, 6: null },
    kept: nothingKept(),
  };
  return farmLive(track, {
    atMs: more.atMs ?? atMs,
    before: more.before ?? null,
    now: more.now ?? null,
    dump:
      more.active === undefined
        ? null
        : { atMs, durationMs: 1, active: new Map([[1, more.active]]), unanswered: new Map(), carried: new Set() },
    latency,
    hasProber,
    conditions: more.conditions ?? nothingSeen,
    checks: more.checks ?? { of: () => null, panic: () => null },
    facts: unknownFacts,
    interfaces: null,
    stickyFill: () => null,
    foreignTrouble: () => [],
    traffic: { of: () => null, openedOf: () => null, farm: () => null },
    outOf: () => null,
    outOfService: () => (more.drain === undefined ? {} : { drain: more.drain }),
    weightOf: () => null,
    wishOf: () => null,
  });
}

test("a backend in rotation that refuses connections is the farm's reason, and the word stays not checked", () => {
  const row = rowOf(["refused", null]);
  expect(row.reason).toBe("b-1 refuses connections; no health check takes it out of rotation");
  expect(row.word).toBe("not-checked");
  expect([row.serving, row.unsure]).toEqual([2, 2]);
});

test("a backend that is checked tells its check, since when and why; the connect probe adds nothing to it", async () => {
  const farm = checkedFarm(3, { healthCheck: { type: "http", intervalMs: 1000, timeoutMs: 500 } });
  const { checks, conditions, pass, clock } = checksWorld([farm]);
  await pass(farm, "ggg", 2);
  await pass(farm, "bgg", 3);
  const row = rowOf(["refused", null, null], { checks, conditions });
  expect(row.backends[0]).toMatchObject({
    health: "down",
    healthSince: clock.ms,
    reason: "no answer in time, last 3 checks",
    check: { type: "http", ok: false, inRow: 3, needed: 3, text: "no answer in time" },
  });
  expect(row.backends[1]).toMatchObject({ health: "up", reason: null, check: { ok: true, inRow: 5, needed: 2 } });
  expect(row.reason).toBeNull();
});

test("a state that outlived a time in which nobody asked says from when on it was asked again", async () => {
  const farm = checkedFarm(2);
  const before = { [farm.backends[0]?.id ?? ""]: { checks: { health: "up", since: 5000 } } } as const;
  const { checks, conditions, pass, clock } = checksWorld([farm], { [farm.id]: before });
  const startedAt = clock.ms;
  await pass(farm, "gg", 2);
  const told = () => rowOf([null, null], { checks, conditions }).backends;
  expect(told()[0]).toMatchObject({ health: "up", healthSince: 5000, askedAgainAt: startedAt });
  expect(told()[1]).toMatchObject({ health: "up", healthSince: clock.ms });
  expect(told()[1]).not.toHaveProperty("askedAgainAt");
  await pass(farm, "bg", 3);
  expect(told()[0], "a change that was seen").not.toHaveProperty("askedAgainAt");
});

test("what was asked too long ago, or could not be asked from here, is told as such", async () => {
  const farm = checkedFarm(3);
  const { checks, conditions, pass, result } = checksWorld([farm]);
  const told = () => rowOf([null, null, null], { checks, conditions }).backends.map(({ check }) => check);
  await pass(farm, "gdg", 2);
  checks.take([result(farm, 2, "cannot-check", { text: "fping is not installed" })]);
  expect(told()).toMatchObject([{ ok: true }, { ok: true, isDegraded: true }, { ok: null }]);
  expect(told().map((check) => check?.isOld)).toEqual([undefined, undefined, undefined]);
  await pass(farm, "---", 20);
  expect(told()).toMatchObject([{ isOld: true }, { isOld: true }, { ok: null, text: "fping is not installed" }]);
});

test("a farm that is not checked any more says of whom nothing is known; a new one is not silent yet", async () => {
  const farm = checkedFarm(3);
  const { checks, conditions, pass, clock } = checksWorld([farm]);
  const row = () => rowOf([null, null, null], { checks, conditions, atMs: clock.ms, hasProber: false });
  expect([row().word, row().reason, row().silent, row().unsure]).toEqual(["not-checked", null, undefined, 3]);
  await pass(farm, "ggg", 2);
  await pass(farm, "gg-", 20);
  expect([row().silent, row().unsure]).toEqual([1, 1]);
  await pass(farm, "---", 20);
  expect(row()).toMatchObject({
    ...{ word: "not-checked", serving: 3, silent: 3, unsure: 3 },
    reason: "Nothing is known now of the health of b-1, b-2 and b-3",
  });
});

test("a backend that was asked once and never again has a reason, and its one answer does not count later", async () => {
  const farm = checkedFarm(1);
  const { checks, conditions, pass } = checksWorld([farm]);
  await pass(farm, "g");
  await pass(farm, "-", 20);
  expect(rowOf([null], { checks, conditions, backends: [{}] }).backends[0]?.reason).toMatch(/^not asked for /);
  await pass(farm, "g");
  expect(conditions.of(farm.id).get(farm.backends[0]?.id ?? "")?.health ?? "unknown").toBe("unknown");
});

test("a farm whose checks are not believed is critical and says why", async () => {
  const farm = checkedFarm(3);
  const { checks, conditions, pass } = checksWorld([farm]);
  await pass(farm, "ggg", 2);
  await pass(farm, "bbb", 3);
  const row = rowOf([null, null, null], { checks, conditions });
  expect([row.word, row.serving, row.panic === row.reason]).toEqual(["critical", 3, true]);
  expect(row.panic).toBe("3 of 3 backends fail at once: the checks are not believed, b-1, b-2, b-3 stay in rotation");
});

test("a row has one count of what is left of a drain, whenever its own round was", () => {
  const drain = { sinceMs: 1, left: 13, perS: 2, endsAtMs: 9, deadlineMs: null };
  const [row] = rowOf([null], { backends: [{ adminState: "drain" }], active: 4, drain }).backends;
  expect([row?.active, row?.drain]).toEqual([4, { ...drain, left: 4 }]);
  expect(rowOf([null], { drain }).backends[0]?.drain?.left, "not known").toBeNull();
});

test("several failing backends are named together, with what they share", () => {
  expect(rowOf(["timeout", "timeout", null]).reason).toBe(
    "b-1 and b-2 do not answer in time; no health check takes them out of rotation",
  );
  expect(rowOf(["timeout", "refused", null]).reason).toMatch(/^b-1 and b-2 fail their probes;/);
});

test("what the rules say is kept beside a failing probe", () => {
  expect(rowOf(["refused", null, null], { backends: [{}, {}, { adminState: "drain" }] }).reason).toBe(
    "b-1 refuses connections; no health check takes it out of rotation. b-3 is draining",
  );
});

test("a failing backend out of rotation, a single lost probe and a stopped farm are no trouble", () => {
  expect(rowOf(["refused", null, null], { backends: [{ adminState: "drain" }] }).reason).toBe("b-1 is draining");
  expect(rowOf(["refused", null], { rounds: 1 }).reason).toBeNull();
  expect(rowOf([null, null]).reason).toBeNull();
  expect(rowOf(["refused", null], { enabled: false }).reason).toMatch(/^Stopped/);
});

test("without a prober nothing old is said", () => {
  expect(rowOf(["refused", null], { hasProber: false }).reason).toBeNull();
});

test("a stopped farm serves with no backend", () => {
  expect(rowOf([null, null], { enabled: false })).toMatchObject({ word: "stopped", serving: 0, total: 2 });
});

/** What the kernel says about turned away packets, `afterMs` after the first look. */
function turnedRound(afterMs: number, counts: Readonly<Record<number, number>>): CounterRound {
  const byId = CounterTable.of(
    Object.entries(counts).map(([id, packets]) => [Number(id), { packets, bytes: 60 * packets }] as const),
  );
  const at = atMs + afterMs;
  return { atMs: at, fresh: null, towards: null, back: null, turned: { atMs: at, byId } };
}

test("what filters turn away is told by reason, as a rate; an entry that is not there yet counts nothing", () => {
  const policy = { deny: ["10.0.0.0/8"], connectionsPerSource: 5 };
  const denied = turnedNumber(3, "denied");
  const row = rowOf([null], {
    policy,
    before: turnedRound(0, {}),
    now: turnedRound(2000, { [denied]: 10, [turnedNumber(4, "denied")]: 99 }),
  });
  expect(row.turnedAway).toEqual([
    { reason: "denied", packets: 10, perS: 5 },
    { reason: "source-connections", packets: 0, perS: 0 },
  ]);
});

test("a count that the kernel forgot, or that could not be read, is no rate", () => {
  const policy = { deny: ["10.0.0.0/8"] };
  const denied = turnedNumber(3, "denied");
  const forgotten = { policy, before: turnedRound(0, { [denied]: 10 }), now: turnedRound(1000, {}) };
  expect(rowOf([null], forgotten).turnedAway).toEqual([{ reason: "denied", packets: 0, perS: null }]);
  expect(rowOf([null], { policy }).turnedAway).toEqual([{ reason: "denied", packets: null, perS: null }]);
  expect(rowOf([null]).turnedAway).toEqual([]);
  expect(rowOf([null]).logPrefix).toBeNull();
  expect(rowOf([null], { policy: { ...policy, logPerSecond: 5 } }).logPrefix).toBe("sluice f_3 ");
});

test("a backend that waits for a lower tier to fail is told as waiting, one that is out by decision is not", () => {
  const backends = [{}, { tier: 1 }, { tier: 1, adminState: "drain" }];
  expect(rowOf([null, null, null], { backends })).toMatchObject({ serving: 1, waiting: 1 });
  const down = [{ adminState: "maintenance" }, { tier: 1 }];
  expect(rowOf([null, null], { backends: down })).not.toHaveProperty("waiting");
});
