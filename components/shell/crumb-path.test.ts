import { expect, test } from "vitest";
import { crumbsOf } from "./crumb-path.ts";
import { initials } from "./initials.ts";
import { parseTheme, themeCookieText } from "./theme.ts";

test.each([
  ["/", null, "Overview"],
  ["/farms", null, "Farms"],
  ["/farms/new", null, "Farms / New farm"],
  ["/lists/new", null, "Lists / New list"],
  ["/lists/5a6b", null, "Lists / List"],
  ["/farms/5a6b", "shop", "Farms / shop / Live"],
  ["/farms/5a6b/weights", "shop", "Farms / shop / Weights"],
  ["/farms/5a6b/weights", null, "Farms / Farm / Weights"],
])("the way to %s", (path, name, way) => {
  expect(
    crumbsOf(path, name)
      .map((crumb) => crumb.label)
      .join(" / "),
  ).toBe(way);
});

test.each([
  ["Ada Lind", "AL"],
  ["a.lind", "AL"],
  ["root", "RO"],
  ["", "?"],
])("initials of %s", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

test("only light and dark are kept, anything else is the system's", () => {
  expect(parseTheme("dark")).toBe("dark");
  expect(parseTheme("<script>")).toBe("system");
  expect(themeCookieText("system")).toContain("max-age=0");
});
