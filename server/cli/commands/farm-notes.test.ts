import { expect, test } from "vitest";
import { farmNotes } from "./farm-notes.ts";

test("a farm that filters, remembers or has a sorry server says what they did", () => {
  const turnedAway = [
    { reason: "denied", packets: 0, perS: 0 },
    { reason: "denied", list: "office", packets: 1234, perS: 12.34 },
    { reason: "backends-full", packets: null, perS: null },
  ] as const;
  expect(farmNotes({ turnedAway, sticky: { used: 9, max: 10 }, sorry: { newPerS: 1, active: null } })).toEqual([
    "Turned away: Denied clients: 0 packets, 0.0/s",
    "Turned away: Denied by the list office: 1234 packets, 12.3/s",
    "Turned away: Connections with every backend at its limit: - packets, -/s",
    "Remembered clients: 9 of 10 places",
    "Sorry server: 1.0 new/s, - active",
  ]);
});

test("where connections are not tracked that is said, and a plain farm says nothing", () => {
  expect(farmNotes({ turnedAway: [], untracked: "not tracked in this mode" })).toEqual([
    "Connections: not tracked in this mode",
  ]);
  expect(farmNotes({ turnedAway: [] })).toEqual([]);
});
