import { describe, expect, test } from "vitest";
import { farmSchema } from "../farm/schema.ts";
import type { Farm } from "../farm/types.ts";
import { checkText } from "./explain-checks.ts";
import { explainFields } from "./explain-fields.ts";
import { sampleFarm } from "./sample.testing.ts";

const plain = sampleFarm(1, [{}, {}]);
const farm = (more: Readonly<Record<string, unknown>>): Farm => farmSchema.parse({ ...plain, ...more });
const told = (before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) =>
  explainFields(farm(before), farm(after));
const http = { type: "http", path: "/health" };

describe("a change of checks and of what follows from them is told in words", () => {
  test("a check that begins, changes a little, becomes another, ends", () => {
    expect(told({}, { healthCheck: http })).toEqual([
      "Backends are checked: HTTP GET /health every 2 s, down after 3 bad checks, up after 2 good ones",
    ]);
    expect(told({ healthCheck: http }, { healthCheck: { ...http, intervalMs: 500, statuses: ["200"] } })).toEqual([
      "The health check: every 500 ms instead of 2 s, good statuses 200 instead of 200-399",
    ]);
    const asking = (value: string) => ({ healthCheck: { ...http, headers: [{ name: "x-asks", value }] } });
    expect(told(asking("a"), asking("b"))).toEqual(["The health check: headers otherwise"]);
    expect(told({ healthCheck: http }, { healthCheck: { type: "ping", fall: 1 } })).toEqual([
      "Backends are checked otherwise: ping every 2 s, down after 1 bad check, up after 2 good ones",
    ]);
    expect(told({ healthCheck: http }, {})).toEqual([
      "Backends are no longer checked: each gets its share whether it answers or not",
    ]);
  });

  test("every kind of check says what it asks", () => {
    const kinds = {
      tls: {},
      udp: {},
      dns: {},
      grpc: { service: "shop" },
      agent: { port: 5555 },
      external: { command: "mail" },
    };
    const texts = Object.entries(kinds).map(([type, more]) => {
      const check = farm({ healthCheck: { type, ...more } }).healthCheck;
      return check === null ? "" : checkText(check).split(" every ")[0];
    });
    expect(texts).toEqual([
      "a TLS handshake",
      "a UDP datagram",
      "a DNS query for . SOA",
      "gRPC health of shop",
      "agent-check at port 5555",
      "the program mail",
    ]);
  });

  test("failover says only what changes", () => {
    expect(told({}, { failover: { slowStartS: 30, flapChanges: 0 } })).toEqual([
      "A backend that comes up gets its share little by little, the whole after 30 s",
      "A backend that goes up and down is never held back",
    ]);
    expect(told({ failover: { quorum: 2, panicPct: 70 } }, {})).toEqual([
      "When more than 50 % of the backends fail at once, the checks are not believed",
      "The farm serves as long as one backend can",
    ]);
  });

  test("outliers, measured weights, drains and windows", () => {
    expect(told({}, { outlier: {} })[0]).toContain("fails 50 % of at least 20 opens in 10 s is taken out for 30 s");
    expect(told({}, { dynamic: { floorPct: 20 } })).toEqual([
      "Measured weights stay between 20 % and 200 % of the administrator's",
    ]);
    const dynamic = { load: { type: "node-exporter" } };
    expect(told({ scheduler: "least-load" }, { scheduler: "least-load", dynamic })).toEqual([
      "The load of backends is read from node_exporter at port 9100, /metrics",
    ]);
    expect(told({}, { dynamic })).toEqual([
      "The load of backends is read from node_exporter at port 9100, /metrics, once the farm goes by least-load",
    ]);
    expect(told({}, { drainDeadlineS: 600 })).toEqual(["What is left on a draining backend is cut after 10 minutes"]);
    const window = {
      backend: "web-2",
      startsAt: "2026-11-23T22:00:00Z",
      endsAt: "2026-11-23T23:00:00Z",
      note: "disks",
    };
    expect(told({}, { maintenanceWindows: [window] })).toEqual([
      "Maintenance is planned: web-2 from 2026-11-23T22:00:00Z to 2026-11-23T23:00:00Z (disks)",
    ]);
    expect(told({ maintenanceWindows: [window] }, {})[0]).toContain("No longer planned: maintenance of web-2");
  });
});
