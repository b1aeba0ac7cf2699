import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer } from "../attempt.ts";
import { type PingLine, parsePingLine } from "./ping-lines.ts";
import { createPinger, pingGatherMs, type RunPing } from "./pinger.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Run = {
  addresses: readonly string[];
  timeoutMs: number;
  say(line: string): void;
  end(problem: string | null): void;
};

function setUp() {
  const runs: Run[] = [];
  const run: RunPing = (addresses, timeoutMs, { onLine, onEnd }) => {
    const say = (text: string) => {
      const line = parsePingLine(text);
      if (line !== null) onLine(line);
    };
    runs.push({ addresses, timeoutMs, say, end: onEnd });
    return { stop: () => undefined };
  };
  const answers: (readonly [string, Answer])[] = [];
  const pinger = createPinger({ run, gatherMs: pingGatherMs, batchMax: 3 });
  const ask = (address: string, timeoutMs = 500) =>
    pinger.ask({ address, timeoutMs }, (answer) => answers.push([address, answer]));
  return { runs, answers, ask };
}

test("what comes due within a moment is asked by one process, each address once, and a reply is passed on at once", () => {
  const { runs, answers, ask } = setUp();
  ask("10.0.0.1");
  ask("fd00::1");
  ask("10.0.0.1");
  vi.advanceTimersByTime(40);
  expect(runs.map(({ addresses }) => addresses)).toEqual([["10.0.0.1", "fd00::1"]]);
  runs[0]?.say("10.0.0.1 is alive (0.038 ms)");
  const alive = { connectUs: null, tookUs: 38, error: null, text: "", degraded: false };
  expect(answers).toEqual([
    ["10.0.0.1", alive],
    ["10.0.0.1", alive],
  ]);
  runs[0]?.say("fd00::1 is unreachable");
  runs[0]?.end(null);
  expect(answers[2]?.[1]).toMatchObject({ error: "timeout", text: "no echo within 500 ms" });
});

test("other deadlines have other processes, and a process has a bound", () => {
  const { runs, ask } = setUp();
  for (const at of [1, 2, 3, 4]) ask(`10.0.0.${at}`);
  ask("10.0.0.1", 2000);
  vi.advanceTimersByTime(40);
  // a process with a long deadline lives long, so it waits for more
  expect(runs).toHaveLength(2);
  vi.advanceTimersByTime(40);
  expect(runs.map(({ addresses, timeoutMs }) => [timeoutMs, addresses.length])).toEqual([
    [500, 3],
    [500, 1],
    [2000, 1],
  ]);
});

test("what the kernel will not send is unreachable; what was not asked says nothing about the backend", () => {
  const { runs, answers, ask } = setUp();
  ask("192.0.2.1");
  ask("192.0.2.2");
  vi.advanceTimersByTime(40);
  runs[0]?.say("192.0.2.1: error while sending ping: Network is unreachable");
  runs[0]?.say("192.0.2.1 is unreachable");
  runs[0]?.say("203.0.113.9 is alive (0.01 ms)");
  runs[0]?.end("ping needs the program fping (Debian package fping)");
  expect(answers.map(([address, { error, text }]) => [address, error, text])).toEqual([
    ["192.0.2.1", "unreachable", "no route to the host"],
    ["192.0.2.2", "cannot-check", "ping needs the program fping (Debian package fping)"],
  ]);
});

test("why a backend is silent may be heard after that it is", () => {
  const { runs, answers, ask } = setUp();
  ask("192.0.2.1");
  vi.advanceTimersByTime(40);
  runs[0]?.say("192.0.2.1 is unreachable");
  runs[0]?.say("192.0.2.1: error while sending ping: Network is unreachable");
  runs[0]?.end(null);
  expect(answers[0]?.[1]).toMatchObject({ error: "unreachable", text: "no route to the host" });
});

test.each<[string, PingLine | null]>([
  ["127.0.0.1 is alive (0.029 ms)", { address: "127.0.0.1", outcome: "alive", tookUs: 29 }],
  ["::1       is alive (1.5 ms)", { address: "::1", outcome: "alive", tookUs: 1500 }],
  ["10.0.0.9 is unreachable", { address: "10.0.0.9", outcome: "silent", tookUs: 0 }],
  ["", null],
  ["ICMP Host Unreachable from 10.0.0.1 for ICMP Echo sent to 10.0.0.9", null],
])("fping says %j", (text, line) => {
  expect(parsePingLine(text)).toEqual(line);
});
