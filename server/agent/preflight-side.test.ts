import { expect, test } from "vitest";
import type { ForeignRules } from "./foreign-rules.ts";
import { createPreflight } from "./preflight-side.ts";
import { unknownFacts } from "./vips.ts";

function preflightOf(answers: readonly (ForeignRules | null)[], hears = true) {
  let nowMs = 0;
  let reads = 0;
  const preflight = createPreflight({
    read: () => Promise.resolve(answers[reads++] ?? null),
    facts: () => unknownFacts,
    farms: () => new Map(),
    hears,
    events: { add: () => undefined, newest: () => [] } as never,
    versions: { kernel: "6.18.0", nft: "1.0.6" },
    now: () => nowMs,
  });
  /** asked each second until then */
  const until = async (ms: number) => {
    for (; nowMs < ms; nowMs += 1000) await preflight.tick();
  };
  return { until, reads: () => reads, preflight };
}

const nothing: ForeignRules = { chains: [], unread: [] };

test("the rules of others are read at start and after a write, and where nobody is heard every ten seconds", async () => {
  const { until, reads, preflight } = preflightOf([nothing, nothing]);
  await until(60_000);
  expect(reads()).toBe(1);
  preflight.foreignWrite();
  await until(63_000);
  expect(reads()).toBe(2);
  const deaf = preflightOf([nothing, nothing], false);
  await deaf.until(10_000);
  expect(deaf.reads()).toBe(1);
  await deaf.until(12_000);
  expect(deaf.reads()).toBe(2);
});

test("somebody who writes again and again is read every few seconds, the last write too", async () => {
  const { until, reads, preflight } = preflightOf(Array.from({ length: 9 }, () => nothing));
  for (let at = 1; at <= 20; at++) {
    preflight.foreignWrite();
    await until(at * 1000);
  }
  expect(reads()).toBe(4);
  await until(30_000);
  expect(reads()).toBe(5);
});

test("what could not be read is tried again within seconds, and what was known stays until then", async () => {
  const known: ForeignRules = { chains: [], unread: ["table ip big (reading took too long)"] };
  const { until, reads, preflight } = preflightOf([known, null, nothing]);
  await until(2000);
  expect(preflight.findings()).toHaveLength(1);
  await until(18_000);
  expect(reads()).toBe(2);
  expect(preflight.findings()).toHaveLength(1);
  await until(23_000);
  expect(reads()).toBe(3);
  expect(preflight.findings()).toHaveLength(0);
});
