import { expect, test } from "./fixtures.ts";
import { openForm, openSection } from "./form.ts";

test("a backend that dies is seen by sign, word, reason and time, tested from its own page, and seen to come back", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  await openForm(page, `/farms/${farm.id}/settings`);
  const section = await openSection(page, "Health check");
  await section.getByRole("button", { name: "HTTP /health, 200" }).click();
  await section.getByRole("button", { name: "Fast" }).click();
  await expect(section).toContainText("is Down after 1.8 s at most");
  await page.getByRole("button", { name: "Review and save" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("Backends are checked: HTTP GET /health every 1 s, down after 2 bad checks");
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Applied as revision/)).toBeVisible();
  expect((await now()).farm.healthCheck).toMatchObject({ type: "http", path: "/health", statuses: ["200"] });

  await page.getByRole("link", { name: "Live", exact: true }).click();
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "web-2" }) });
  await expect(row.getByRole("cell").first().getByText("Up", { exact: true })).toBeVisible();
  await expect(page.getByText("2 of 2 serving").first()).toBeVisible();
  try {
    await lab.setBackend("web-2", { isListening: false });
    await expect(row.locator('[data-glyph="down"]')).toBeVisible();
    await expect(row.getByRole("cell").first()).toHaveText(/^Down.*since \d\d:\d\d:\d\d/);
    await expect(page.getByText("1 of 2 serving").first()).toBeVisible();

    await row.getByRole("link", { name: "web-2" }).click();
    const state = page.getByRole("region", { name: "State", exact: true });
    await expect(state).toContainText("Active");
    await expect(state).toContainText(/Down\s*since/);
    await expect(state).toContainText("Takes no new connections: it is down");
    const log = page.getByRole("table", { name: "Check log" });
    await expect(log.getByRole("row").nth(1)).toContainText("Connection refused");
    await page.getByRole("button", { name: "Test now" }).click();
    await expect(page.getByRole("status", { name: "Test" })).toContainText(/Tested at .*Failed/);
  } finally {
    await lab.setBackend("web-2", { isListening: true });
  }
  await expect(page.getByRole("region", { name: "State", exact: true })).toContainText(/Up\s*since/);
});
