import { expect, test } from "vitest";
import { defaultDynamic } from "@/server/core/farm/dynamic.ts";
import { backendSchema, farmSchema } from "@/server/core/farm/schema.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { checkFactText, rowText, schedulerText } from "./farm-text.ts";

const row = { word: "not-checked", serving: 2, total: 2, reason: null } as const;

test("the head of a farm says the reason beside how many serve", () => {
  const reason = "web-1 refuses connections; no health check takes it out of rotation";
  expect(rowText({ ...row, reason }, false)).toBe(`2 of 2 serving. ${reason}`);
  expect(rowText(row, false)).toBe("2 of 2 serving");
  expect(rowText({ ...row, reason, panic: reason }, false), "said once").toBe("2 of 2 serving");
});

test("a stopped farm is not said to serve, whatever the row counts", () => {
  const stopped = { ...row, word: "stopped", reason: "Stopped: new connections are not answered" } as const;
  expect(rowText(stopped, false)).toBe("new connections are not answered");
  expect(rowText(stopped, true)).toBe("last known: not serving");
});

test("values of an agent that is gone are the last known ones", () => {
  expect(rowText(row, true)).toBe("last known: 2 of 2 serving");
});

test.each<[string, Farm["scheduler"], Farm["hashFields"]]>([
  ["weighted", "weighted", ["source-address"]],
  ["maglev", "maglev", ["source-address"]],
  ["source-hash by address and port", "source-hash", ["source-port", "source-address"]],
  ["maglev by port", "maglev", ["source-port"]],
  ["symmetric-hash", "symmetric-hash", ["source-port"]],
  ["least-load, weights fixed: no source is named", "least-load", ["source-address"]],
  ["least-response, weights follow times to answer", "least-response", ["source-address"]],
])("a farm's scheduler reads as %s", (text, scheduler, hashFields) => {
  expect(schedulerText({ scheduler, hashFields, dynamic: defaultDynamic, healthCheck: null })).toBe(text);
});

test("the head of a farm says how its backends are asked, and which have their own way", () => {
  const healthCheck = farmSchema.shape.healthCheck.parse({ type: "http", path: "/health" });
  const id = "00000000-0000-4000-8000-000000000001";
  const backend = backendSchema.parse({ id, name: "web-1", address: "192.0.2.1" });
  expect(checkFactText({ healthCheck: null, backends: [backend] })).toBe("none");
  expect(checkFactText({ healthCheck, backends: [backend] })).toBe("HTTP GET /health every 2 s");
  expect(checkFactText({ healthCheck, backends: [backend, { ...backend, healthCheck }] })).toContain(
    "; 1 in its own way",
  );
});
