import { expect, test } from "vitest";
import { defaultKinds, type TargetView, targetInputSchema } from "@/server/core/notify/target.ts";
import { draftOf, fieldOf, inputOf } from "./target-draft.ts";

const farms = [{ id: "f1", name: "shop" }];
const target: TargetView = {
  ...{ id: "t1", name: "pager", isEnabled: true, groupS: 30, repeatS: 3600, has: ["password"] },
  settings: { kind: "smtp", host: "mail", port: 25, security: "none", user: "u", from: "a@b", to: ["c@d", "e@f"] },
  filter: { kinds: [...defaultKinds], farmIds: ["f1", "gone"], tags: ["gold"] },
  delivery: { attempts: 0, nextAt: null, lastOkAt: null, lastErrorAt: null, lastError: null },
  waiting: { events: 0, isMore: false, oldestAt: null },
};

test("a target comes out of its form as it went in; secrets that were not typed stay", () => {
  const draft = draftOf({ ...target, filter: { ...target.filter, farmIds: ["f1"] } }, farms);
  expect(draft.farms).toBe("shop");
  const { id, name, settings, isEnabled, groupS, repeatS, filter } = target;
  const input = { id, name, settings, isEnabled, groupS, repeatS, filter: { ...filter, farmIds: ["f1"] }, secrets: {} };
  expect(inputOf(draft, farms)).toEqual(input);
  expect(inputOf({ ...draft, password: "new" }, farms)).toMatchObject({ secrets: { password: "new" } });
  expect(inputOf({ ...draft, password: null }, farms)).toMatchObject({ secrets: { password: "" } });
});

test("farms that there are not are named; what is no number is refused at its field", () => {
  expect(inputOf(draftOf(target, farms), farms)).toEqual({ unknown: ["gone"] });
  const input = inputOf({ ...draftOf(null, farms), name: "x", groupS: "soon", repeatMin: "1.5" }, farms);
  const parsed = targetInputSchema.safeParse(input);
  const fields = parsed.success ? [] : parsed.error.issues.map(({ path }) => fieldOf(path.join(".")));
  expect(fields).toEqual(["groupS", "repeatMin"]);
  expect(["settings.url", "settings.to.0", "secrets.url", "filter.farmIds.0"].map(fieldOf)).toEqual([
    ...["alertmanagerUrl", "to", "url", "farms"],
  ]);
});
