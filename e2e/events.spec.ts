/** The log of events in a real browser: what happens appears, filters stand in the address, CSV has what is shown. */
import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures.ts";

test("what happens while the page is open appears in it, and the filters of the address find it", async ({
  page,
  makeTestFarm,
}) => {
  await page.goto("/events");
  const log = page.getByRole("list", { name: "Events" });
  const form = page.getByRole("form", { name: "Filter events" });
  await expect(form).toBeVisible();
  const { farm } = await makeTestFarm([100, 50]);
  await expect(log.getByRole("listitem").filter({ hasText: farm.name }).first()).toBeVisible();
  await page.goto(`/events?farm=${farm.id}&kind=change&from=2020-01-01T00:00:00.000Z`);
  await expect(form.getByLabel("From")).not.toHaveValue("");
  await expect(log.getByRole("listitem").first()).toContainText(farm.name);
  const others = log.getByRole("listitem").filter({ hasNotText: farm.name });
  await expect(others).toHaveCount(0);
  await form.getByLabel("Kind").selectOption("drift");
  await form.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page).toHaveURL(/kind=drift/);
  await expect(page.getByText("No event fits")).toBeVisible();
});

test("the CSV has the events that fit and no others", async ({ page, makeTestFarm }) => {
  const { farm } = await makeTestFarm([100]);
  await page.goto(`/events?farm=${farm.id}`);
  await expect(page.getByRole("list", { name: "Events" })).toContainText(farm.name);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as CSV" }).click(),
  ]);
  const [head, ...rows] = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\r\n");
  expect(head).toBe("time,kind,farm,farm id,event,who");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toContain(farm.id);
});
