import { describe, expect, test } from "vitest";
import type { Beat, CheckEntry } from "../../server/core/metrics/backend-monitor.ts";
import type { CheckLive } from "../../server/core/metrics/live.ts";
import {
  beatKind,
  beatsCsv,
  beatsSummary,
  beatText,
  certificateWords,
  checkGlyphs,
  checksCsv,
  checkWord,
  entryText,
  histogramCsv,
  histogramRows,
  inRowWords,
  lastCheckWords,
  wholeStrip,
} from "./monitor-words.ts";

const good: CheckEntry = { at: 1_000, ok: true, degraded: false, tookMs: 1.25, error: null, text: "status 200" };
const bad: CheckEntry = { at: 2_000, ok: false, degraded: false, tookMs: null, error: "refused", text: "" };
const beat = (minute: number, more: Partial<Beat> = {}): Beat => ({
  atMs: minute * 60_000,
  good: 30,
  bad: 0,
  health: "up",
  ...more,
});

describe("the check log", () => {
  test("says what was seen in words", () => {
    expect(entryText(good)).toBe("Good in 1.3 ms: Status 200");
    expect(entryText(bad)).toBe("Failed: Connection refused");
    expect(entryText({ ...good, degraded: true, text: "certificate ends in 3 days" })).toMatch(/^Degraded in/);
    expect(entryText({ ...bad, error: "unhealthy", text: "status 503" })).toBe("Failed: Status 503");
  });

  test("what could not be made from here is no failure of the backend", () => {
    const unmade: CheckEntry = { ...bad, error: "cannot-check", text: "fping is not installed" };
    expect(entryText(unmade)).toBe("Not made: Fping is not installed");
    expect(checkGlyphs[checkWord(unmade)]).toBe("unknown");
  });

  test("is a file with the newest first, its quotes doubled", () => {
    expect(checksCsv([good, { ...bad, text: 'said "no", twice' }])).toBe(
      "time,result,ms,error,text\r\n" +
        '1970-01-01T00:00:02.000Z,failed,,refused,"said ""no"", twice"\r\n' +
        "1970-01-01T00:00:01.000Z,good,1.25,,status 200\r\n",
    );
  });
});

describe("the last check", () => {
  const check: CheckLive = {
    ...{ type: "tls", at: 1, ok: true, tookMs: 2, text: "", inRow: 1, needed: 3, certificateDays: null },
  };

  test("is green only while it says something of now", () => {
    expect(lastCheckWords(check)).toEqual({ glyph: "up", text: "Good" });
    expect(lastCheckWords({ ...check, isDegraded: true })).toEqual({ glyph: "degraded", text: "Degraded" });
    expect(lastCheckWords({ ...check, isOld: true })).toEqual({ glyph: "unknown", text: "Was good" });
    expect(lastCheckWords({ ...check, ok: null })).toEqual({ glyph: "unknown", text: "Not made" });
    expect(lastCheckWords({ ...check, at: null, ok: null })).toEqual({ glyph: "unknown", text: "Not asked yet" });
  });

  test("counts in a row what counts, and nothing that is old", () => {
    expect(inRowWords(check)).toBe("1 good of 3 that change the state");
    expect(inRowWords({ ...check, ok: false, inRow: 7 })).toBe("7 failed");
    expect([inRowWords({ ...check, isOld: true }), inRowWords({ ...check, ok: null })]).toEqual([null, null]);
  });

  test("says when its certificate ends in right words", () => {
    expect([-1, 0.4, 1.5, 30].map(certificateWords)).toEqual([
      "expired",
      "ends within a day",
      "ends in 1 day",
      "ends in 30 days",
    ]);
  });
});

describe("the heartbeat strip", () => {
  test("trouble within a minute that ended well is seen, and no check is never good", () => {
    expect(beatKind(beat(1, { bad: 1 }))).toBe("some");
    expect(beatKind(beat(1, { good: 0, bad: 0 }))).toBe("none");
    expect(beatKind(beat(1, { health: "down" }))).toBe("down");
    expect(beatText(beat(1, { bad: 2, health: "degraded" }))).toMatch(/Degraded: 30 good, 2 failed$/);
  });

  test("is a file in which a minute without checks has neither state nor counts", () => {
    expect(beatsCsv([beat(0, { good: 0, bad: 0 }), beat(1, { bad: 2 }), beat(2, { health: "down" })])).toBe(
      "minute,state,good,failed\r\n" +
        "1970-01-01T00:00:00.000Z,,,\r\n" +
        "1970-01-01T00:01:00.000Z,up,30,2\r\n" +
        "1970-01-01T00:02:00.000Z,down,30,0\r\n",
    );
  });

  test("is two hours long whatever is known, the newest minute last", () => {
    const strip = wholeStrip([beat(100), beat(102, { health: "down", good: 0, bad: 30 })], 103 * 60_000 + 5);
    expect(strip).toHaveLength(120);
    expect(strip.slice(-4).map(beatKind)).toEqual(["up", "none", "down", "none"]);
    expect(beatsSummary(strip)).toBe("2 minutes of checks: down in 1.");
    expect(beatsSummary(wholeStrip([], 0))).toBe("No checks in the last two hours.");
  });
});

describe("a histogram", () => {
  const histogram = { boundsMs: [1, 2, 4, 8, null], counts: [0, 3, 0, 1, 0] };
  test("runs from the first to the last bar that has anything, an empty one between stays", () => {
    expect(histogramRows(histogram)).toEqual([
      { key: 1, label: "1.0 to 2.0", count: 3, pct: 75 },
      { key: 2, label: "2.0 to 4.0", count: 0, pct: 0 },
      { key: 3, label: "4.0 to 8.0", count: 1, pct: 25 },
    ]);
    expect(histogramRows({ ...histogram, counts: [0, 0, 0, 0, 2] })).toEqual([
      { key: 4, label: "over 8.0", count: 2, pct: 100 },
    ]);
    expect(histogramRows({ ...histogram, counts: [0, 0, 0, 0, 0] })).toEqual([]);
    expect(histogramRows({ ...histogram, counts: [1, 0, 0, 0, 0] })[0]?.label).toBe("up to 1.0");
  });

  test("is a file with the bars as they are drawn", () => {
    const rows = histogramRows(histogram).map(({ label, count }) => `${label},${count}\r\n`);
    expect(histogramCsv(histogram)).toBe(`ms,count\r\n${rows.join("")}`);
  });

  test("merges neighbours until there are few enough, and loses nothing", () => {
    const many = { boundsMs: [...Array(40).keys()].map((n) => n + 1), counts: Array(40).fill(2) };
    const rows = histogramRows(many);
    expect(rows.length).toBeLessThanOrEqual(14);
    expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(80);
  });
});
