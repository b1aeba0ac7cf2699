import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../core/metrics/live.ts";
import { createCutter } from "./cutter.ts";
import { createEvents } from "./events.ts";

const order = { farmId: "f", backendId: "b", name: "web-1", markId: 7 };
type Counts = { readonly open: number | null; readonly forgotten: number | null };

/** What a cut did, step by step, and what it told. */
async function cut(protocol: "tcp" | "udp", { open, forgotten }: Counts) {
  const steps: string[] = [];
  const told: LiveEvent[] = [];
  const does = (step: string) => {
    steps.push(step);
  };
  const cutter = createCutter({
    own: async () => {
      does("rules");
      return true;
    },
    conntrack: {
      activeOf: async () => {
        does("count");
        return open;
      },
      deleteByMark: async () => {
        does("forget");
        return forgotten;
      },
    },
    events: createEvents(
      () => 0,
      (event) => told.push(event),
    ),
    sleep: async () => does("wait"),
    onCut: () => does("read anew"),
  });
  await cutter.cut({ ...order, protocol });
  return { steps, text: told.map((event) => event.text).join() };
}

describe("a cut", () => {
  test("tells the connections that were open just before, not all that were forgotten", async () => {
    expect((await cut("tcp", { open: 12, forgotten: 340 })).text).toBe("web-1 was cut: 12 open connections ended");
    expect((await cut("udp", { open: 1, forgotten: 9 })).text).toBe("web-1 was cut: 1 open connection ended");
    expect((await cut("tcp", { open: 0, forgotten: 25 })).text).toBe("web-1 was cut: it had no open connection");
  });

  test("says what it does not know", async () => {
    const uncounted = "web-1 was cut: its open connections ended; they could not be counted";
    expect((await cut("tcp", { open: null, forgotten: 25 })).text).toBe(uncounted);
    const kept = "web-1 was cut: its connections could not be forgotten";
    expect((await cut("tcp", { open: 3, forgotten: null })).text).toBe(kept);
  });

  test("counts first, and has the open connections read anew when all is done", async () => {
    const { steps } = await cut("tcp", { open: 1, forgotten: 1 });
    expect(steps).toEqual(["count", "rules", "wait", "rules", "wait", "forget", "rules", "read anew"]);
    expect((await cut("udp", { open: 1, forgotten: 1 })).steps).toEqual(["count", "forget", "read anew"]);
  });
});
