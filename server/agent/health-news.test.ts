import { expect, test } from "vitest";
import type { Tracker } from "./check-tracker.ts";
import { checkedFarm, checksWorld } from "./checks.testing.ts";
import { createHealthNews } from "./health-news.ts";

async function worldOf(backends: number) {
  const farm = checkedFarm(backends, { protocol: "udp", ports: [53], healthCheck: { type: "udp" } });
  const world = checksWorld([farm]);
  const trackers: Tracker[] = farm.backends
    .map(({ id }) => world.checks.of(farm.id, id))
    .filter((each) => each !== null);
  const forgotten: number[] = [];
  const ends: (() => void)[] = [];
  const told: string[] = [];
  const news = createHealthNews({
    events: { add: ({ text }) => void told.push(text) },
    conntrack: {
      deleteUnserved: async () => 0,
      deleteFlows: (markId) => {
        forgotten.push(markId);
        return new Promise((resolve) => ends.push(() => resolve(1)));
      },
    },
    cutter: { cut: async () => undefined },
    state: world.state,
    active: () => null,
    now: () => 0,
  });
  const goDown = (each: Tracker) => news.changed(each, { health: "up", since: null }, "down");
  return { news, trackers, goDown, forgotten, ends, told };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("flows of who went down are forgotten only when the rules send nothing there any more, and of those alone", async () => {
  const { news, trackers, goDown, forgotten } = await worldOf(3);
  const [first, second] = trackers;
  if (first === undefined || second === undefined) throw new Error("two backends");
  let isRefused = (_isDone: boolean) => {};
  goDown(first);
  news.settled(new Promise((resolve) => (isRefused = resolve)));
  goDown(second);
  await turn();
  expect(forgotten).toEqual([]);
  isRefused(false);
  await turn();
  expect(forgotten, "the kernel did not take it").toEqual([]);
  news.settled(Promise.resolve(true));
  await turn();
  expect(forgotten).toEqual([first.markId, second.markId]);
});

test("of a rack that goes down a few are followed at a time, and each is told", async () => {
  const { news, trackers, goDown, forgotten, ends, told } = await worldOf(30);
  for (const each of trackers) goDown(each);
  news.settled(Promise.resolve(true));
  await turn();
  expect(forgotten).toHaveLength(8);
  for (let end = ends.shift(); end !== undefined; end = ends.shift()) {
    end();
    await turn();
  }
  expect(told).toHaveLength(30);
});
