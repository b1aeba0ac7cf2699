import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.ts";
import { revisionLink } from "./range-events.ts";

const seedFarm = { id: "5a6b7c10-0000-4000-8000-000000000002", name: "weighted" };

test("24 hours of a farm come from the kept minutes: what is missing is said, as a table and as CSV too", async ({
  page,
  request,
}) => {
  // the agent's first minute has to end
  test.setTimeout(240_000);
  await expect
    .poll(async () => knownOf(await (await request.get(`/api/series?farm=${seedFarm.id}&rangeS=86400`)).json()), {
      timeout: 120_000,
    })
    .toBeGreaterThan(0);
  await page.goto(`/farms/${seedFarm.id}`);
  await page.getByRole("button", { name: "24 hours" }).click();
  await expect(page).toHaveURL(/range=86400/);
  const events = page.getByRole("region", { name: "Events in this range" });
  await expect(events).toContainText(/no history before \d{4}-\d\d-\d\d \d\d:\d\d/);

  const chart = page.getByRole("figure", { name: "New connections" });
  await chart.getByRole("button", { name: "Table of New connections" }).click();
  const table = page.getByRole("dialog").getByRole("table");
  const head = await table.getByRole("columnheader").allTextContents();
  expect(head[0]).toBe("Time");
  expect(head.length).toBeGreaterThan(1);
  expect(await table.getByRole("row").count()).toBeGreaterThan(90);
  await page.keyboard.press("Escape");

  const waiting = page.waitForEvent("download");
  await chart.getByRole("button", { name: "CSV of New connections" }).click();
  const file = await waiting;
  expect(file.suggestedFilename()).toBe(`${seedFarm.name}-new-connections.csv`);
  const lines = readFileSync(await file.path(), "utf8")
    .trimEnd()
    .split("\r\n");
  expect(lines[0]).toBe(["time", ...head.slice(1)].join(","));
  expect(lines.length).toBeGreaterThan(90);
  expect(lines.slice(1).every((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z,/.test(line))).toBe(true);
  // the beginning of the day is not known and not zero, its end is known; a quarter of an hour just begun has no minute yet
  expect(lines[1]).toMatch(/Z,+$/);
  expect(lines.slice(-2).some((line) => /\d$/.test(line))).toBe(true);
});

test("the lists draw the last hour of all their farms, state and traffic, and ask once for all", async ({ page }) => {
  const asked = page.waitForRequest(/\/api\/past-hours\?/);
  await page.goto("/");
  const row = page.getByRole("table", { name: "Farms, trouble first" }).getByRole("row", { name: seedFarm.name });
  await expect(row.getByRole("img", { name: /^\D+ \d+ min/ })).toBeVisible();
  expect((await asked).url().split(",").length).toBeGreaterThan(1);
  await page.goto("/farms");
  await expect(page.getByRole("columnheader", { name: /^Traffic, \d+ (min|h)$/ })).toBeVisible();
});

test("thirty days of a farm made just now are drawn, with the mark of its making", async ({ page, makeTestFarm }) => {
  const { farm, now } = await makeTestFarm([100, 50]);
  await page.goto(`/farms/${farm.id}?range=2592000`);
  await expect(page.getByRole("button", { name: "30 days" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("figure")).toHaveCount(5);
  const events = page.getByRole("region", { name: "Events in this range" });
  await expect(events).toContainText(/no history before .*: the farm is not older|no minute of this farm is kept yet/);
  await expect(await revisionLink(page, (await now()).version)).toBeVisible();
});

/** How many values of new connections are known in an answer. */
function knownOf(series: { readonly backends?: readonly { readonly newPerS: readonly (number | null)[] }[] }): number {
  return (series.backends ?? []).flatMap(({ newPerS }) => newPerS.filter((value) => value !== null)).length;
}
