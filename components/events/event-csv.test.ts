import { expect, test } from "vitest";
import { eventsCsv } from "./event-csv.ts";

test("events as CSV keep quotes and lines in their cell, and nothing in them becomes a formula", () => {
  const event = { id: "1", at: 0, kind: "change", farmId: null, farmName: null, text: 'say "a",\nb', by: "=cmd()" };
  expect(eventsCsv([event])).toBe(
    `time,kind,farm,farm id,event,who\r\n1970-01-01T00:00:00.000Z,change,,,"say ""a"",\nb",'=cmd()\r\n`,
  );
});
