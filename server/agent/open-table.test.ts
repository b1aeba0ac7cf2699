import { expect, test } from "vitest";
import { type TcpEvent, tcpState } from "./conntrack-events.ts";
import { createOpenTable, type OpenSink } from "./open-table.ts";

const event = (
  what: TcpEvent["what"],
  state: keyof typeof tcpState,
  id = 1,
  stampUs: number | null = null,
): TcpEvent => ({
  what,
  id,
  markId: 7,
  state: tcpState[state],
  stampUs,
});

function openTable(openMax?: number) {
  const said: string[] = [];
  const sink: OpenSink = {
    answered: (markId, us) => said.push(`${markId} answered ${us}`),
    opened: (markId, us) => said.push(`${markId} opened ${us}`),
    refused: (markId) => said.push(`${markId} refused`),
    unanswered: (markId) => said.push(`${markId} unanswered`),
    reset: (markId) => said.push(`${markId} reset`),
  };
  return { table: createOpenTable(sink, openMax), said };
}

test("an open is answered and opened, timed by the kernel's stamps; its ordinary end says nothing", () => {
  const { table, said } = openTable();
  table.take(event("new", "synSent", 1, 1000), 0);
  table.take(event("update", "synRecv", 1, 1030.5), 20);
  table.take(event("update", "established", 1, 1042), 20);
  table.take(event("update", "finWait", 1, 1100), 20);
  table.take(event("update", "close", 1, 1200), 20);
  expect(said).toEqual(["7 answered 30.5", "7 opened 42"]);
  expect(table.size()).toBe(0);
});

test("a reset before any answer is a refusal, once; one after the opening is a reset", () => {
  const { table, said } = openTable();
  table.take(event("new", "synSent"), 0);
  table.take(event("destroy", "close"), 1);
  table.take(event("destroy", "close"), 2);
  table.take(event("new", "synSent", 2), 0);
  table.take(event("update", "synRecv", 2), 1);
  table.take(event("update", "established", 2), 1);
  table.take(event("update", "close", 2), 2);
  table.take(event("destroy", "close", 2), 12_000);
  expect(said).toEqual(["7 refused", "7 answered null", "7 opened null", "7 reset"]);
});

test("no answer for three seconds is one unanswered open; what an administrator deletes before is none", () => {
  const { table, said } = openTable();
  table.take(event("new", "synSent", 1), 0);
  table.take(event("new", "synSent", 2), 10);
  table.take(event("destroy", "synSent", 2), 500);
  table.expire(2999);
  expect(said).toEqual([]);
  table.expire(3000);
  table.expire(9000);
  table.take(event("update", "synRecv", 1), 9000);
  expect(said).toEqual(["7 unanswered"]);
});

test("an open connection that is reset later than three seconds after its SYN, or by its client during the opening, is no failure", () => {
  const { table, said } = openTable();
  for (const id of [1, 2]) {
    table.take(event("new", "synSent", id), 0);
    table.take(event("update", "synRecv", id), 0);
  }
  table.take(event("update", "close", 1), 1);
  table.take(event("update", "established", 2), 1);
  table.expire(3000);
  table.take(event("update", "close", 2), 3001);
  expect(said).toEqual(["7 answered null", "7 answered null", "7 opened null"]);
});

test("an open whose SYN-ACK was not told by itself is answered all the same, untimed", () => {
  const { table, said } = openTable();
  table.take(event("new", "synSent", 1, 1000), 0);
  table.take(event("update", "established", 1, 1030), 0);
  table.take(event("update", "close", 1, 1050), 0);
  table.take(event("new", "synSent", 2, 1000), 0);
  table.take(event("update", "finWait", 2, 1030), 0);
  table.expire(5000);
  expect(said).toEqual(["7 answered null", "7 reset", "7 answered null"]);
});

test("events without their beginning, or stamps that run backwards, are no measurement", () => {
  const { table, said } = openTable();
  table.take(event("update", "synRecv", 1, 5), 0);
  table.take(event("new", "established", 3, 5), 0);
  table.take(event("update", "close", 3, 5), 0);
  table.take(event("new", "synSent", 2, 1000), 0);
  table.take(event("update", "synRecv", 2, 999), 0);
  expect(said).toEqual(["7 answered null"]);
});

test("the table holds so many and no more, and says what did not fit", () => {
  const { table, said } = openTable(10);
  for (let id = 0; id < 25; id++) table.take(event("new", "synSent", id), id);
  expect([table.size(), table.overflowed(), table.overflowed()]).toEqual([10, 15, 0]);
  table.expire(10_000);
  expect([table.size(), said.length]).toEqual([0, 10]);
});

test("after a loss nobody is held to be unanswered whose answer may have been lost", () => {
  const { table, said } = openTable();
  for (const id of [1, 2, 3]) table.take(event("new", "synSent", id), 0);
  table.forget((id) => id === 2);
  table.expire(5000);
  expect(said).toEqual(["7 unanswered"]);
  table.take(event("new", "synSent", 4), 5000);
  table.forget();
  expect(table.size()).toBe(0);
});
