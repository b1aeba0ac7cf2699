import { expect, test } from "vitest";
import { formatCounted } from "./numbers.ts";

test("one thing is not many, none are", () => {
  expect(formatCounted(1, "backend")).toBe("1 backend");
  expect(formatCounted(0, "backend")).toBe("0 backends");
  expect(formatCounted(1234, "entry", "entries")).toBe("1,234 entries");
});
