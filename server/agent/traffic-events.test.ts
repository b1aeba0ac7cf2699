import { expect, test } from "vitest";
import { type TcpEvent, tcpState } from "./conntrack-events.ts";
import type { EventFilter } from "./event-filter.ts";
import { createTrafficEvents, type TrafficEventsDeps } from "./traffic-events.ts";
import { createTrafficLatency } from "./traffic-latency.ts";

function stage(more: Partial<TrafficEventsDeps> = {}) {
  let nowMs = 0;
  let stamping: number | null = 1;
  let hasOutliers = false;
  let waiting: TcpEvent[] = [];
  let wasLost = false;
  const filters: EventFilter[] = [];
  let closed = 0;
  const latency = createTrafficLatency(() => nowMs);
  const events = createTrafficEvents({
    open: (filter) => {
      filters.push(filter);
      return {
        read(_, take) {
          for (const event of waiting) take(event);
          const answer = { messages: waiting.length, lost: wasLost };
          waiting = [];
          wasLost = false;
          return answer;
        },
        filter: (next) => filters.push(next) > 0,
        close: () => {
          closed += 1;
        },
      };
    },
    latency,
    tag: 0x51,
    readStamping: () => stamping,
    hasOutliers: () => hasOutliers,
    hasKoffi: true,
    kernel: "6.1.0",
    now: () => nowMs,
    monotonicMs: () => nowMs,
    ...more,
  });
  return {
    events,
    latency,
    filters,
    closed: () => closed,
    set: (next: { stamping?: number | null; hasOutliers?: boolean }) => {
      if (next.stamping !== undefined) stamping = next.stamping;
      hasOutliers = next.hasOutliers ?? hasOutliers;
    },
    round(atMs: number, heard: readonly TcpEvent[] = [], lost = false) {
      nowMs = atMs;
      waiting = [...heard];
      wasLost = lost;
      events.round();
    },
    now: () => nowMs,
  };
}

const open = (id: number, stamped = true): TcpEvent[] => [
  { what: "new", id, markId: 7, state: tcpState.synSent, stampUs: stamped ? 1000 : null },
  { what: "update", id, markId: 7, state: tcpState.synRecv, stampUs: stamped ? 3000 : null },
];

test("opens are measured per backend and farm, and the feature says how", () => {
  const { events, latency, round } = stage();
  round(0, open(1));
  round(20, open(2));
  expect(latency.of(7, 20)).toMatchObject({ samples: 2, failed: 0 });
  expect(latency.farm([7, 8], 20)?.p50Ms).toBeCloseTo(2, 1);
  expect(latency.times(7, 20)).toEqual({ boundsMs: [2.048], counts: [2] });
  expect(latency.of(8, 20)).toBeNull();
  expect(events.feature()).toEqual({
    name: "latency from real traffic",
    ok: true,
    text: "SYN to SYN-ACK of every connection, timed by the kernel; no event was lost",
  });
});

test("a loss is told, less is followed, and nobody whose answer may be lost is held to be unanswered", () => {
  const { events, latency, round, filters } = stage();
  const [sent, answered] = open(1);
  if (sent === undefined || answered === undefined) throw new Error("no events");
  round(0, [sent]);
  round(20, [], true);
  round(5000, [answered]);
  expect(latency.of(7, 5000)).toBeNull();
  expect(filters.at(-1)?.sampleBits).toBe(1);
  expect(events.feature().text).toContain("one of 2 connections");
  expect(events.feature().text).toContain("lost 1 times");
  round(5020, open(2));
  expect(latency.of(7, 5020)).toMatchObject({ samples: 1, oneIn: 2 });
});

test("while events wait to be read nobody is held to be unanswered", () => {
  const { latency, round } = stage();
  const [sent, answered] = open(1);
  if (sent === undefined || answered === undefined) throw new Error("no events");
  round(0, [sent]);
  const many = Array.from({ length: 4000 }, (_, at) => open(100 + at)[1]).filter((event) => event !== undefined);
  round(6000, many);
  round(6020, [answered]);
  expect(latency.of(7, 6020)).toMatchObject({ samples: 1, failed: 0 });
});

test("without the setting nothing is listened to, unless a farm takes out backends by real traffic; then opens count, untimed", () => {
  const { events, latency, round, filters, set, closed } = stage();
  set({ stamping: 0 });
  round(0, open(1));
  expect([filters.length, events.isHeard()]).toEqual([0, false]);
  expect(events.feature()).toMatchObject({ ok: false });
  expect(events.feature().text).toContain("sysctl -w net.netfilter.nf_conntrack_timestamp=1");
  set({ hasOutliers: true });
  round(1000, open(1, false));
  expect(filters).toEqual([{ tag: 0x51, sampleBits: 0, withEnds: true }]);
  expect(latency.takeOpens(7)).toEqual({ answered: 1, refused: 0, unanswered: 0, reset: 0 });
  expect([latency.takeOpens(7), latency.of(7, 1000)]).toEqual([null, null]);
  set({ hasOutliers: false });
  round(2000);
  expect([closed(), events.isHeard()]).toEqual([1, false]);
});

test("a kernel that stamps nothing is found out by its events, and no longer listened to", () => {
  const { events, round } = stage();
  for (let at = 0; at < 60; at++) round(at, open(at, false));
  round(1100);
  expect(events.isHeard()).toBe(false);
  expect(events.feature()).toEqual({
    name: "latency from real traffic",
    ok: false,
    text: "kernel 6.1.0 puts no time on its events, 6.14 and later do: connect times are those of probes",
  });
});

test("koffi missing and a kernel that refuses are told apart", () => {
  const without = stage({ hasKoffi: false, open: () => null });
  without.round(0);
  expect(without.events.feature().text).toContain("koffi is missing");
  const refusing = stage({ open: () => null });
  refusing.round(0);
  expect(refusing.events.feature().text).toContain("does not tell us");
});

test("failed opens are totals that grow by as many connections as each stands for, and quiet backends are forgotten", () => {
  const { latency, round } = stage();
  const refused = (id: number): TcpEvent[] => [
    { what: "new", id, markId: 7, state: tcpState.synSent, stampUs: 1 },
    { what: "destroy", id, markId: 7, state: tcpState.close, stampUs: 2 },
  ];
  round(0, [...refused(1), ...open(2)]);
  expect(latency.drain(7)).toMatchObject({ refused: 1, unanswered: 0, reset: 0 });
  round(20, [], true);
  round(40, refused(3));
  expect(latency.drain(7)).toMatchObject({ refused: 2 });
  expect(latency.of(7, 10_000)).toMatchObject({ samples: 1, failed: 2 });
  round(200_000);
  expect(latency.of(7, 200_000)).toBeNull();
});
