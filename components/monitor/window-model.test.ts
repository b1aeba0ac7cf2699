import { describe, expect, test } from "vitest";
import type { MaintenanceWindow } from "@/server/core/farm/maintenance-window.ts";
import { parseFarm } from "@/server/core/farm/validate.ts";
import type { MonitorFarm } from "./monitor-brief.ts";
import { boxText, draftIssue, listWindows, targetsOf, withoutWindow, withWindow } from "./window-model.ts";

const nowMs = Date.parse("2026-11-23T12:00:00Z");
const window = (from: string, to: string, backend: string | null = null) => ({
  backend,
  startsAt: `2026-11-${from}:00Z`,
  endsAt: `2026-11-${to}:00Z`,
  note: "",
});
const past = window("22T10:00", "22T11:00");
const open = window("23T11:00", "23T13:00", "web-1");
const later = window("24T10:00", "24T11:00");

function farm(windows: MaintenanceWindow[]) {
  const backends = ["web-1", "web-2"].map((name, at) => ({
    id: `00000000-0000-4000-8000-00000000000${at + 1}`,
    name,
    address: `10.0.0.${at + 1}`,
    port: 80,
  }));
  const parsed = parseFarm({
    id: "00000000-0000-4000-8000-000000000000",
    name: "shop",
    addresses: ["10.9.9.9"],
    protocol: "tcp",
    ports: [80],
    backends,
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return { ...parsed.value, maintenanceWindows: windows };
}

describe("maintenance windows on the page", () => {
  test("open ones stand first, then those to come, those that are over last", () => {
    const listed = listWindows([{ id: "1", name: "shop", windows: [later, past, open] }], nowMs);
    expect(listed.map(({ phase, window: each }) => [phase, each.backend])).toEqual([
      ["current", "web-1"],
      ["planned", null],
      ["past", null],
    ]);
  });

  test("planning adds one window for each ticked backend, and leaves out what is over", () => {
    const shop = farm([past, later]);
    const brief: MonitorFarm = {
      ...shop,
      windows: shop.maintenanceWindows,
      backends: shop.backends.map(({ id, name, address, adminState }) => ({ id, name, address, adminState })),
    };
    const [target] = targetsOf([brief], new Set([shop.backends[1]?.id ?? ""]));
    if (target === undefined) throw new Error("no target");
    const draft = { from: boxText(nowMs), to: boxText(nowMs + 3_600_000), note: " disk " };
    const changed = withWindow(shop, target, draft, nowMs);
    expect(changed.maintenanceWindows).toEqual([
      later,
      { backend: "web-2", startsAt: "2026-11-23T12:00:00.000Z", endsAt: "2026-11-23T13:00:00.000Z", note: "disk" },
    ]);
  });

  test("taking one away leaves the others, also one that looks alike", () => {
    const shop = farm([open, open, later]);
    expect(withoutWindow(shop, open, nowMs).maintenanceWindows).toEqual([open, later]);
  });

  test("a window that cannot be is refused at its box", () => {
    const at = (hours: number) => boxText(nowMs + hours * 3_600_000);
    expect(draftIssue({ from: at(0), to: at(1), note: "" }, nowMs)).toBeNull();
    expect(draftIssue({ from: "", to: at(1), note: "" }, nowMs)?.field).toBe("from");
    expect(draftIssue({ from: at(1), to: at(1), note: "" }, nowMs)?.field).toBe("to");
    expect(draftIssue({ from: at(-2), to: at(-1), note: "" }, nowMs)?.text).toMatch(/over already/);
  });
});
