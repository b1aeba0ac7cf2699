import { expect, it } from "vitest";
import { emptyCheck } from "./check-draft.ts";
import { emptyDraft, type FarmDraft } from "./form-model.ts";
import { followSuggestion } from "./suggested-check.ts";

const start: FarmDraft = { ...emptyDraft([]), check: { ...emptyCheck, type: "tcp" } };

it("the check of a new farm follows its protocol and ports until another is chosen", () => {
  const udp = followSuggestion(start, { ...start, protocol: "udp" });
  expect(udp.check.type).toBe("ping");
  expect(followSuggestion(udp, { ...udp, protocol: "tcp" }).check.type).toBe("tcp");
  expect(followSuggestion(start, { ...start, everyPort: true }).check.type).toBe("ping");
  const chosen: FarmDraft = { ...start, check: { ...start.check, type: "http" } };
  expect(followSuggestion(start, chosen).check.type).toBe("http");
  expect(followSuggestion(chosen, { ...chosen, protocol: "udp" }).check.type).toBe("http");
  const none: FarmDraft = { ...start, check: emptyCheck };
  expect(followSuggestion(none, { ...none, name: "shop" }).check.type).toBe("none");
});
