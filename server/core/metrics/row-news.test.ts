import fc from "fast-check";
import { expect, test } from "vitest";
import type { BackendLive, FarmLive } from "./live.ts";
import { stepTo, withNews } from "./row-news.ts";

const number = fc.option(fc.integer({ min: 0, max: 3 }), { nil: null });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const connect = fc.option(fc.record({ p50Ms: number, samples: fc.integer({ min: 0, max: 2 }) }), { nil: null });
const backend = fc.record({
  newPerS: number,
  reason: fc.constantFrom(null, "refused"),
  connect,
  check: sometimes(fc.record({ text: fc.constantFrom("", "x") })),
  drain: sometimes(fc.record({ left: number })),
});
const row = fc
  .record({
    at: fc.integer({ min: 1, max: 5 }),
    newPerS: number,
    hints: fc.array(fc.constantFrom("a", "b"), { maxLength: 2 }),
    panic: sometimes(fc.constant("too many")),
    backends: fc.array(backend, { maxLength: 3 }),
  })
  .map(
    ({ backends, ...farm }) =>
      told({
        farmId: "f",
        ...farm,
        backends: backends.map((each, at) => ({ backendId: `b${at}`, ...each })),
      }) as FarmLive,
  );

/** As it comes out of the stream. */
function told(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test("a row and its news make the row that follows, however many are left out because nothing changed", () => {
  fc.assert(
    fc.property(row, fc.array(row, { maxLength: 6 }), (first, later) => {
      let agent = first;
      let web = first;
      for (const now of later) {
        const { row: next, news } = stepTo(agent, now);
        expect(next).toEqual(now);
        agent = next;
        if (news === "whole") web = now;
        else if (news !== null) web = withNews(web, told(news) as typeof news);
        expect({ ...web, at: 0 }).toEqual({ ...now, at: 0 });
      }
    }),
  );
});

const rowOf = (
  more: object,
  backends: readonly object[] = [
    { backendId: "a", newPerS: 0 },
    { backendId: "b", newPerS: 0 },
  ],
) => ({ farmId: "f", at: 1, newPerS: 0, hints: ["x"], backends, ...more }) as unknown as FarmLive;

test("only what changed is told, and what did not is the same object still", () => {
  const before = rowOf({});
  const step = stepTo(
    before,
    rowOf({ at: 2 }, [
      { backendId: "a", newPerS: 0 },
      { backendId: "b", newPerS: 1 },
    ]),
  );
  expect(step.news).toEqual({ farmId: "f", set: { at: 2 }, backends: [{ place: 1, set: { newPerS: 1 } }] });
  expect([step.row.backends[0] === before.backends[0], step.row.at]).toEqual([true, 2]);
});

test("its time alone is no news; a farm with traffic is told each second", () => {
  expect(stepTo(rowOf({}), rowOf({ at: 2 })).news).toBeNull();
  const busy = rowOf({ newPerS: 3 });
  expect(stepTo(busy, { ...busy, at: 2 }).news).toEqual({ farmId: "f", set: { at: 2 } });
});

test("a farm that is new, or has other backends, is told whole", () => {
  const { backends } = rowOf({});
  expect(stepTo(undefined, rowOf({})).news).toBe("whole");
  for (const other of [backends.slice(1), [...backends].reverse(), [...backends, { backendId: "c" } as BackendLive]])
    expect(stepTo(rowOf({}), rowOf({}, other)).news).toBe("whole");
});
