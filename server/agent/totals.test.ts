import { describe, expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { turnedNumber } from "../core/ruleset/turned.ts";
import { createConnectTotals } from "./connect-totals.ts";
import { CounterTable } from "./counter-table.ts";
import type { CounterRound, Readings } from "./counters.ts";
import { trackOf } from "./farm-track.testing.ts";
import { createTotals } from "./totals.ts";
import { createTrafficLatency } from "./traffic-latency.ts";

const readings = (packets: readonly (number | null)[]): Readings => ({
  atMs: 1,
  byId: CounterTable.of(
    packets.flatMap((count, at) => (count === null ? [] : [[at + 1, { packets: count, bytes: 100 * count }] as const])),
  ),
});
const round = (fresh: readonly (number | null)[] | null, more: Partial<CounterRound> = {}): CounterRound => ({
  atMs: 1,
  fresh: fresh === null ? null : readings(fresh),
  towards: null,
  back: null,
  turned: null,
  ...more,
});

const nothingHeard = { drain: () => null, isHeard: () => false };

describe("totals of a farm", () => {
  const farm = testFarm(1);
  const [first, second] = farm.backends;
  const connections = (totals: ReturnType<typeof createTotals>, backendId = first?.id ?? "") =>
    totals.of(farm.id)?.backends.get(backendId)?.newConnections.total;

  test("go on through maintenance, a flushed table and a new id of the kernel", () => {
    const totals = createTotals(createConnectTotals(), nothingHeard);
    const track = trackOf(farm, [1, 2]);
    totals.take(track, round([10, 7]));
    totals.take(track, round([null, 9]));
    totals.take(track, round([4, 9]));
    totals.take(trackOf(farm, [3, 2]), round([null, 1, 5]));
    expect(connections(totals)).toBe(10 + 4 + 5);
    expect(connections(totals, second?.id)).toBe(9 + 1);
  });

  test("are not known while nothing was read, and stand still while a listing fails", () => {
    const totals = createTotals(createConnectTotals(), nothingHeard);
    const track = trackOf(farm, [1, 2]);
    totals.take(track, round(null));
    expect(connections(totals)).toBeNull();
    totals.take(track, round([10, 7]));
    totals.take(track, round(null));
    totals.take(track, round([12, 7]));
    expect(connections(totals)).toBe(12);
  });

  test("of connections are never known where the kernel does not track them; bytes are", () => {
    const totals = createTotals(createConnectTotals(), nothingHeard);
    const untracked = { ...farm, forwarding: "stateless" as const };
    totals.take(trackOf(untracked, [1, 2]), round([3, 3], { towards: readings([5, 5]) }));
    expect(connections(totals)).toBeNull();
    expect(totals.of(farm.id)?.backends.get(first?.id ?? "")?.bytesIn.total).toBe(500);
  });

  test("of what was turned away begin at a known zero and outlive the kernel's entry", () => {
    const totals = createTotals(createConnectTotals(), nothingHeard);
    const filtering = { ...farm, policy: { ...farm.policy, dropInvalid: true } };
    const track = trackOf(filtering, [1, 2]);
    const number = turnedNumber(track.farmNumber, "invalid");
    const turned = (packets: number | null): CounterRound =>
      round(null, {
        turned: { atMs: 1, byId: CounterTable.of(packets === null ? [] : [[number, { packets, bytes: 0 }] as const]) },
      });
    const seen = [null, 8, null, 2].map((packets) => {
      totals.take(track, turned(packets));
      return [...(totals.of(farm.id)?.turned.values() ?? [])].map(({ reason, running }) => [reason, running.total]);
    });
    expect(seen).toEqual([0, 8, 8, 10].map((total) => [["invalid", total]]));
  });

  test("take over what probes said, once", () => {
    const probes = createConnectTotals();
    const totals = createTotals(probes, nothingHeard);
    probes.take([
      { key: "1:connect", at: 1, connectUs: 300, tookUs: 300, error: null, text: "", degraded: false },
      { key: "1:connect", at: 2, connectUs: null, tookUs: null, error: "refused", text: "", degraded: false },
    ]);
    for (let tick = 0; tick < 3; tick++) totals.take(trackOf(farm, [1, 2]), round(null));
    const { connect, backends } = totals.of(farm.id) ?? {};
    expect(connect?.counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(backends?.get(first?.id ?? "")?.failedProbes).toBe(1);
    expect(backends?.get(second?.id ?? "")?.failedProbes).toBeNull();
  });

  test("of opens begin at a known zero where connections are heard, are times and failures, and grow once", () => {
    const heard = createTrafficLatency(() => 0);
    const totals = createTotals(createConnectTotals(), { drain: heard.drain, isHeard: () => true });
    heard.answered(1, 300);
    heard.refused(1);
    heard.reset(1);
    for (let tick = 0; tick < 3; tick++) totals.take(trackOf(farm, [1, 2]), round(null));
    heard.refused(1);
    totals.take(trackOf(farm, [1, 2]), round(null));
    const { traffic, backends } = totals.of(farm.id) ?? {};
    expect(traffic?.counts.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(backends?.get(first?.id ?? "")?.failedOpens).toEqual({ refused: 2, unanswered: 0, reset: 1 });
    expect(backends?.get(second?.id ?? "")?.failedOpens).toEqual({ refused: 0, unanswered: 0, reset: 0 });
    const unheard = createTotals(createConnectTotals(), nothingHeard);
    unheard.take(trackOf(farm, [1, 2]), round(null));
    expect(unheard.of(farm.id)?.backends.get(first?.id ?? "")?.failedOpens).toBeNull();
  });

  test("are forgotten with their farm and with their backend", () => {
    const totals = createTotals(createConnectTotals(), nothingHeard);
    totals.take(trackOf(farm, [1, 2]), round([1, 1]));
    totals.take(trackOf({ ...farm, backends: farm.backends.slice(0, 1) }, [1]), round([1, 1]));
    expect(totals.of(farm.id)?.backends.size).toBe(1);
    totals.keepOnly(new Map());
    expect(totals.of(farm.id)).toBeNull();
  });
});
