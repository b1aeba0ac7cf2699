import { expect, test } from "vitest";
import { backlogBytesMax, createHub, readersMax } from "./hub.ts";

const event = {
  type: "event",
  event: { seq: 1, at: 0, kind: "agent", farmId: null, backendId: null, text: "x", revision: null },
} as const;

function reader(backlog: () => number) {
  const lines: string[] = [];
  const state = { dropped: false };
  return {
    lines,
    state,
    write: (line: string) => void lines.push(line),
    backlogBytes: backlog,
    drop: () => {
      state.dropped = true;
    },
  };
}

test("every reader gets each message as one line", () => {
  const hub = createHub(() => undefined);
  const readers = [reader(() => 0), reader(() => 0)];
  for (const each of readers) hub.add(each, event);
  hub.send(event);
  for (const each of readers) expect(each.lines).toEqual([`${JSON.stringify(event)}\n`, `${JSON.stringify(event)}\n`]);
});

test("a reader that does not keep up is dropped, and the others go on", () => {
  const hub = createHub(() => undefined);
  const slow = reader(() => backlogBytesMax + 1);
  const quick = reader(() => 0);
  hub.add(slow, event);
  hub.add(quick, event);
  hub.send(event);
  expect(slow.state.dropped).toBe(true);
  expect(quick.lines).toHaveLength(2);
  expect(hub.size()).toBe(1);
});

test("more readers than the bound are turned away", () => {
  const hub = createHub(() => undefined);
  for (let at = 0; at < readersMax; at++)
    hub.add(
      reader(() => 0),
      event,
    );
  const late = reader(() => 0);
  hub.add(late, event);
  expect(late.state.dropped).toBe(true);
  expect(hub.size()).toBe(readersMax);
});
