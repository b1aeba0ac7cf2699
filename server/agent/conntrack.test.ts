import { expect, test } from "vitest";
import { createCounter, dumpPeriodMs } from "./conntrack.ts";

const tag = 0x51;
const mark = (id: number) => tag * 0x1000000 + id;
const tcp = (state: string, id: number) =>
  `tcp      6 431999 ${state} src=10.0.0.9 dst=10.99.0.1 sport=40000 dport=80 src=10.20.0.1 dst=10.0.0.9 sport=80 dport=40000 [ASSURED] mark=${mark(id)} use=1\n`;
const udp = (assured: string, id: number) =>
  `udp      17 29 src=10.0.0.9 dst=10.99.0.5 sport=4000 dport=53 src=10.20.0.1 dst=10.0.0.9 sport=53 dport=4000 ${assured}mark=${mark(id)} use=1\n`;
const text =
  tcp("ESTABLISHED", 1) +
  tcp("SYN_RECV", 1) +
  tcp("TIME_WAIT", 1) +
  tcp("SYN_SENT", 2) +
  udp("[ASSURED] ", 3) +
  udp("", 3);

test("active are established and half-open TCP and assured UDP; closed ones still carry their mark", () => {
  const counter = createCounter(tag);
  counter.piece(text);
  const { active, unanswered, carried } = counter.done();
  expect([...active]).toEqual([
    [1, 2],
    [3, 1],
  ]);
  expect([...unanswered]).toEqual([[2, 1]]);
  expect([...carried]).toEqual([1, 2, 3]);
});

test("pieces may end anywhere", () => {
  const whole = createCounter(tag);
  whole.piece(text);
  const split = createCounter(tag);
  for (const character of text) split.piece(character);
  expect(split.done()).toEqual(whole.done());
});

test("marks of others are not counted", () => {
  const counter = createCounter(tag);
  counter.piece(tcp("ESTABLISHED", 1).replace(String(mark(1)), "5"));
  expect(counter.done().carried.size).toBe(0);
});

test("a dump that costs more is taken less often", () => {
  expect([10, 100, 500, 3000].map(dumpPeriodMs)).toEqual([1000, 2000, 5000, 10_000]);
});
