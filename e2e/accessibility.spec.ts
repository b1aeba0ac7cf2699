import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";
import { openForm } from "./form.ts";

const weighted = { id: "5a6b7c10-0000-4000-8000-000000000002", name: "weighted" };
const farm = `/farms/${weighted.id}`;

/** page -> what must be there before it is judged */
const pages: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  "/": (page) => expect(page.getByRole("heading", { level: 1 })).toBeVisible(),
  "/farms": (page) => expect(page.getByRole("link", { name: "weighted" }).first()).toBeVisible(),
  "/farms/new": (page) => expect(page.getByRole("form", { name: "New farm" })).toBeVisible(),
  [farm]: (page) => expect(page.locator("svg.recharts-surface").first()).toBeVisible(),
  [`${farm}/backends/5a6b7c10-0002-4000-8000-000000000001`]: (page) =>
    expect(page.locator("svg.recharts-surface").first()).toBeVisible(),
  [`${farm}/weights`]: (page) => new Board(page, weighted).ready(),
  [`${farm}/settings`]: (page) => expect(page.getByRole("form", { name: "Settings" })).toBeVisible(),
  [`${farm}/ruleset`]: (page) => expect(page.getByText("inet sluice").first()).toBeVisible(),
  [`${farm}/history`]: (page) => expect(page.getByRole("main")).toBeVisible(),
  "/explain?client=10.9.8.7&target=192.0.2.99:80": (page) => expect(page.getByText("No farm answers")).toBeVisible(),
  "/lists": (page) => expect(page.getByRole("heading", { name: "Lists", level: 1 })).toBeVisible(),
  "/lists/new": (page) => expect(page.getByRole("form", { name: "New list" })).toBeVisible(),
  "/monitor": (page) =>
    expect(page.getByRole("region", { name: "Backends by state" }).getByRole("row").nth(3)).toBeVisible(),
  "/events": (page) => expect(page.getByRole("form", { name: "Filter events" })).toBeVisible(),
  "/history": (page) => expect(page.getByRole("main")).toBeVisible(),
  "/settings": (page) => expect(page.getByRole("main")).toBeVisible(),
};

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });
    for (const [path, isThere] of Object.entries(pages)) {
      test(`${path.replace(farm, "a farm's page ")} has no WCAG 2.2 AA violation and nothing is cut, wide or narrow`, async ({
        page,
      }) => {
        await page.goto(path);
        await isThere(page);
        await expectAccessible(page);
        await page.setViewportSize({ width: 360, height: 740 });
        await expectAccessible(page);
        await page.setViewportSize({ width: 320, height: 640 });
        await expectNothingCut(page);
      });
    }

    test("staged edits, their preview and the review dialog have no WCAG 2.2 AA violation", async ({ page }) => {
      const board = await new Board(page, weighted).open();
      await board.box("web-1").fill("60");
      await board.box("web-2").fill("1001");
      await page.getByRole("button", { name: "Lock web-1" }).click();
      await board.dock.getByRole("button", { name: "Kernel transaction" }).click();
      await expect(board.dock).toContainText("Kernel check passed");
      await expectAccessible(page);
      await board.dock.getByRole("button", { name: "Review" }).click();
      await expect(page.getByRole("dialog")).toContainText("Kernel check passed");
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessible(page);
      await expectWordsWhole(page.getByRole("dialog"));
    });

    test("the search box of every page has no WCAG 2.2 AA violation, wide or narrow", async ({ page }) => {
      await page.goto("/");
      await expect(page.getByText("Live", { exact: true })).toBeVisible();
      await page.keyboard.press("Control+k");
      await expect(page.getByRole("combobox")).toBeFocused();
      await page.keyboard.type("weighted");
      await expect(page.getByRole("option", { name: /^weighted, Weights/ })).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessible(page);
    });

    test("a form full of errors has no WCAG 2.2 AA violation", async ({ page }) => {
      await openForm(page, "/farms/new");
      await page.getByRole("button", { name: "Review and create" }).click();
      await expect(page.getByText("A name is needed").first()).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessible(page);
    });

    test("settings with every section unfolded have no WCAG 2.2 AA violation, wide or narrow", async ({ page }) => {
      await openForm(page, `${farm}/settings`);
      await unfoldAll(page);
      await page.getByLabel("Backends are asked by").selectOption("HTTPS");
      await page.getByText("More of this check").click();
      await page.getByLabel("Remember clients").selectOption("By client address");
      await page.getByRole("button", { name: "Pin a client" }).click();
      await expectAccessible(page);
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessible(page);
      await page.setViewportSize({ width: 320, height: 640 });
      await expectNothingCut(page);
    });

    test("the sign-in page has no WCAG 2.2 AA violation, wide or narrow", async ({ browser, baseURL }) => {
      const context = await browser.newContext({
        baseURL: baseURL ?? "",
        colorScheme,
        storageState: { cookies: [], origins: [] },
      });
      const page = await context.newPage();
      await page.goto("/sign-in");
      await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
      await expectAccessible(page);
      await page.setViewportSize({ width: 320, height: 640 });
      await expectAccessible(page);
      await expectNothingCut(page);
      await context.close();
    });
  });
}

test("in forced colours every state and bar is still drawn", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  const board = await new Board(page, weighted).open();
  await expect(board.bar("Running")).toBeVisible();
  await expectAccessible(page);
});

async function unfoldAll(page: Page): Promise<void> {
  for (const summary of await page.getByRole("form").locator("summary").all()) await summary.click();
}

/** Tables and nft text scroll inside their own regions; nothing else of the dialog reaches beyond it. */
async function expectWordsWhole(dialog: Locator): Promise<void> {
  const overflow = () =>
    dialog.evaluate((box) =>
      Math.max(...Array.from(box.querySelectorAll("form > div"), (part) => part.scrollWidth - part.clientWidth)),
    );
  await expect.poll(overflow, { intervals: [50] }).toBeLessThanOrEqual(0);
}

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const told = violations.map(({ id, nodes }) => ({
    id,
    nodes: nodes.map(({ target, failureSummary }) => [target.join(" "), failureSummary]),
  }));
  expect(told).toEqual([]);
}

/** The page itself does not scroll sideways, once the charts have taken their new width; what is wide scrolls inside its own region. */
async function expectNothingCut(page: Page): Promise<void> {
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(overflow, { intervals: [50] }).toBeLessThanOrEqual(0);
}
