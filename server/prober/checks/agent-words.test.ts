import { expect, test } from "vitest";
import { type AgentLine, parseAgentLine } from "./agent-words.ts";

const said = (line: string): Partial<AgentLine> | null => parseAgentLine(line);

// the wording of HAProxy's manual, "agent-check"
test.each<[string, Partial<AgentLine> | null]>([
  ["up", { isUp: true, seen: {} }],
  ["75%", { isUp: null, seen: { weightPct: 75 } }],
  ["up 75%", { isUp: true, seen: { weightPct: 75 } }],
  ["UP,50%,maxconn:30", { isUp: true, seen: { weightPct: 50 } }],
  ["ready", { isUp: null, seen: { wish: "ready" } }],
  ["drain", { isUp: null, seen: { wish: "drain" } }],
  ["maint", { isUp: null, seen: { wish: "maintenance" } }],
  ["ready up 100%\t", { isUp: true, seen: { wish: "ready", weightPct: 100 } }],
  ["down", { isUp: false, word: "down" }],
  ["failed#database gone", { isUp: false, word: "failed", description: "database gone" }],
  ["stopped # for <b>repairs</b>", { isUp: false, word: "stopped", description: "for b repairs /b" }],
  ["up 0%", { isUp: true, seen: { weightPct: 0 } }],
  ["up 5000%", { isUp: true, seen: { weightPct: 1000 } }],
  ["maxconn:30", { isUp: null, seen: {} }],
  ["up later 20", { isUp: true, seen: {} }],
  ["", null],
  ["HTTP/1.1 400 Bad Request", null],
  ["# only a description", null],
])("%j", (line, expected) => {
  if (expected === null) expect(said(line)).toBeNull();
  else expect(said(line)).toMatchObject(expected);
});
