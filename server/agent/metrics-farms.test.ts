import { describe, expect, test } from "vitest";
import { testFarm } from "../core/farm/farm-fixture.ts";
import type { BackendLive } from "../core/metrics/live.ts";
import { createConnectTotals } from "./connect-totals.ts";
import { CounterTable } from "./counter-table.ts";
import { trackOf } from "./farm-track.testing.ts";
import { checkLines } from "./metrics-checks.ts";
import { farmPieces, type Measured } from "./metrics-farms.ts";
import { createTotals } from "./totals.ts";

function measured(backends: number, more: { readonly name?: string; readonly hasCounted?: boolean } = {}): Measured {
  const farm = testFarm(
    1,
    Array.from({ length: backends }, (_, at) => ({ address: `198.51.${100 + (at >> 8)}.${at & 255}` })),
    more.name === undefined ? {} : { name: more.name },
  );
  const ids = farm.backends.map((_, at) => at + 1);
  const totals = createTotals(createConnectTotals(), { drain: () => null, isHeard: () => false });
  const track = trackOf(farm, ids);
  const byId = CounterTable.of(ids.map((id) => [id, { packets: id, bytes: 10 * id }] as const));
  const readings = more.hasCounted === false ? null : { atMs: 1, byId };
  totals.take(track, { atMs: 1, fresh: readings, towards: readings, back: null, turned: null });
  return { tracks: [track], rowOf: () => null, totals };
}

const text = (from: Measured) => [...farmPieces(from)].join("");

describe("the lines of farms and backends", () => {
  test("have one HELP and one TYPE for each family, before all of its lines, however many pieces there are", () => {
    const seen = new Set<string>();
    let now = "";
    for (const line of text(measured(700)).trimEnd().split("\n")) {
      const [, name = ""] = /^(?:# (?:HELP|TYPE) )?([a-z_]+)/.exec(line) ?? [];
      if (line.startsWith("# HELP")) {
        expect(seen.has(name), `${name} begins twice`).toBe(false);
        seen.add(name);
        now = name;
      }
      expect(name).toBe(now);
    }
    expect(seen).toContain("sluice_backend_new_connections_total");
  });

  test("are pieces, none with more than a few hundred backends", () => {
    const track = measured(150);
    const many = {
      ...track,
      tracks: Array.from({ length: 40 }, () => track.tracks[0]).filter((each) => each !== undefined),
    };
    const lines = [...farmPieces(many)].map((piece) => piece.split("\n").length);
    expect(Math.max(...lines)).toBeLessThan(1200);
  });

  test("are missing for what is not known: never a zero", () => {
    const unknown = text(measured(2, { hasCounted: false }));
    expect(unknown).not.toMatch(/new_connections|_bytes_total|observed|active_connections|connect_time|health_state/);
    expect(unknown).toContain('sluice_backend_admin_state{farm="farm-1",backend="b-1",state="active"} 1');
    const counted = text(measured(2));
    expect(counted).toContain('sluice_backend_new_connections_total{farm="farm-1",backend="b-2"} 2');
    expect(counted).toContain('sluice_backend_bytes_total{farm="farm-1",backend="b-2",direction="in"} 20');
    expect(counted).not.toContain('direction="out"');
  });
});

describe("what checks say", () => {
  const line = (row: Partial<BackendLive>) =>
    checkLines
      .map(([{ name }, lines]) => lines({ health: "unknown", ...row } as BackendLive, name, 'backend="b"'))
      .join("");

  test("is absent while nothing is known, and 0 only for what failed", () => {
    expect(line({})).toBe("");
    const check = { type: "https", at: 1, text: "status 503", inRow: 3, needed: 3 } as const;
    const failed = { ...check, ok: false, tookMs: 12, certificateDays: -2 };
    expect(line({ health: "down", healthSince: 60_500, check: failed })).toBe(
      [
        'sluice_backend_up{backend="b"} 0',
        'sluice_backend_health_since_seconds{backend="b"} 60.5',
        'sluice_backend_check_success{backend="b"} 0',
        'sluice_backend_check_duration_seconds{backend="b"} 0.012',
        'sluice_backend_certificate_remaining_seconds{backend="b"} -172800',
        "",
      ].join("\n"),
    );
  });

  test("is absent when nobody asked for long, or could not ask: an old good answer is none", () => {
    const check = {
      type: "https",
      at: 1,
      ok: true,
      text: "",
      tookMs: 3,
      inRow: 0,
      needed: 2,
      certificateDays: 9,
    } as const;
    expect(line({ check: { ...check, isOld: true } })).toBe("");
    expect(line({ check: { ...check, ok: null, tookMs: null, certificateDays: null } })).toBe("");
    expect(line({ check })).toContain("sluice_backend_check_success");
  });

  test("names why a backend is out, and what its weight is multiplied by", () => {
    const dynamic = { factor: 0.4, text: "p95 48 ms against 12 ms", isHeld: false };
    const weights = { slowStart: { factor: 0.5, untilMs: 9 }, dynamic };
    const out = { why: "ejected", untilMs: null, text: "refused 9 of 10" } as const;
    expect(line({ health: "degraded", out, weights }).split("\n")).toEqual([
      'sluice_backend_up{backend="b"} 1',
      'sluice_backend_out{backend="b",why="ejected"} 1',
      'sluice_backend_weight_factor_ratio{backend="b",kind="slow-start"} 0.5',
      'sluice_backend_weight_factor_ratio{backend="b",kind="dynamic"} 0.4',
      "",
    ]);
  });
});
