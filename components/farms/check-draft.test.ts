import { expect, it } from "vitest";
import { farmSchema } from "../../server/core/farm/schema.ts";
import { parseFarm } from "../../server/core/farm/validate.ts";
import { backendChecks, checkSummary, farmChecks, paceText, presets, withPreset } from "./check-choices.ts";
import {
  type CheckDraft,
  checkDraftSchema,
  checkMessage,
  checkOfDraft,
  checkTypes,
  draftOfCheck,
  emptyCheck,
  hasField,
} from "./check-draft.ts";
import { documentOfDraft, emptyDraft, fieldOfPath } from "./form-model.ts";

const ids = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
const parsed = (draft: CheckDraft) => farmSchema.shape.healthCheck.safeParse(checkOfDraft(draft));

it.each(checkTypes)(
  "a check of type %s comes back from its boxes as it went in, and can be kept over a reload",
  (type) => {
    const check = farmSchema.shape.healthCheck.parse({
      type,
      ...(type === "agent" ? { port: 5555 } : {}),
      ...(type === "external" ? { command: "mail" } : {}),
    });
    const draft = draftOfCheck(check);
    expect(checkDraftSchema.parse(draft)).toEqual(draft);
    expect(farmSchema.shape.healthCheck.parse(checkOfDraft(draft))).toEqual(check);
  },
);

it("every kind of check of the farm document is offered, to farms and to backends", () => {
  for (const choices of [farmChecks, backendChecks])
    expect(choices.map(({ value }) => value).toSorted()).toEqual(["none", ...checkTypes].toSorted());
});

it("a kind has the fields the document gives it, and no others", () => {
  expect([hasField("ping", "port"), hasField("ping", "intervalMs"), hasField("tcp", "path")]).toEqual([
    false,
    true,
    false,
  ]);
  expect([hasField("https", "warnDays"), hasField("http", "warnDays"), hasField("grpc", "tls")]).toEqual([
    true,
    false,
    true,
  ]);
});

it("ready-made checks are right as they stand and keep the pace that is set", () => {
  const slow = { ...emptyCheck, intervalMs: "9000" };
  for (const preset of presets) {
    const check = parsed(withPreset(slow, preset));
    expect(check).toMatchObject({ success: true, data: { intervalMs: 9000 } });
  }
});

it("what is wrong is said at its box, lists at the line that was typed", () => {
  const check: CheckDraft = {
    ...emptyCheck,
    type: "http",
    path: "health",
    statuses: "200 teapot",
    headers: "X-One: 1\n\nno colon",
    timeoutMs: "soon",
    port: "x",
  };
  const base = { ...emptyDraft(ids), name: "shop", addresses: ["192.0.2.1"], check };
  const backends = base.backends.map((each, at) => ({ ...each, address: `192.0.2.1${at}` }));
  const farm = parseFarm(documentOfDraft({ ...base, backends }, ids[0] ?? "", null));
  const issues = farm.ok ? [] : (farm.error.issues ?? []);
  expect(issues.map(({ path }) => fieldOfPath(path)).toSorted()).toEqual(
    ["headers", "path", "port", "statuses", "timeoutMs"].map((key) => `healthCheck.${key}`),
  );
  const header = issues.find(({ path }) => path.includes("headers"));
  expect(checkMessage(check, header?.path ?? "", header?.message ?? "")).toBe("Line 3: Not a header name");
});

it("the pace says when a state changes at the latest, and nothing while a box holds no number", () => {
  expect(paceText(emptyCheck)).toBe(
    "A backend that stops answering is Down after 7 s at most, and Up again 4 s after it answers.",
  );
  expect(paceText({ ...emptyCheck, fastIntervalMs: "250" })).toContain("Down after 3.5 s");
  expect(paceText({ ...emptyCheck, timeoutMs: "" })).toBeNull();
  expect(paceText({ ...emptyCheck, fall: "many" })).toBeNull();
});

it("a line says what is asked and how often; no check says so", () => {
  expect(checkSummary({ ...emptyCheck, type: "http", path: "/health" })).toBe("HTTP GET /health, every 2 s");
  expect(checkSummary({ ...emptyCheck, type: "tcp", port: "8080", intervalMs: "500" })).toBe(
    "TCP connect at port 8080, every 500 ms",
  );
  expect(checkSummary(emptyCheck)).toBe("None: backends are not checked");
});
