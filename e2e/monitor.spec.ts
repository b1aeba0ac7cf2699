/** The monitor page in a real browser: a planned window takes a backend out, ticks and focus stay, and a wall is never green for what is not known. */
import { expect, test } from "./fixtures.ts";

test("a window planned for a ticked backend takes it out and lists it; ending it brings it back; ticks and focus stay", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([50, 50]);
  const address = farm.addresses[0] ?? "";
  const answered = async () => Object.keys((await lab.connect({ address, port: 80, count: 10 })).answered).sort();
  await page.goto(`/monitor?farm=${farm.id}`);
  const table = page.getByRole("region", { name: "Backends by state" });
  const row = (name: string) => table.getByRole("row").filter({ hasText: name });
  await expect(row("web-1")).toContainText("50.0");
  const tick = page.getByRole("checkbox", { name: `Tick web-1 of ${farm.name}` });
  await tick.click();

  await page.getByRole("region", { name: "Ticked backends" }).getByRole("button", { name: "Plan maintenance" }).click();
  const dialog = page.getByRole("dialog", { name: "Plan maintenance" });
  await dialog.getByLabel("Why").fill("new disk");
  await dialog.getByRole("button", { name: "Plan" }).click();
  await expect(row("web-1")).toContainText("Maintenance window");
  await expect(row("web-1")).toContainText("new disk");
  await expect(table.getByRole("button", { name: /^Maintenance 1/ })).toBeVisible();
  expect(await answered()).toEqual(["web-2"]);

  await tick.click();
  const windows = page.getByRole("region", { name: "Maintenance windows" });
  await windows.getByRole("button", { name: `End now: web-1 of ${farm.name}` }).click();
  // the line moves to another group while it has the focus
  await tick.focus();
  await expect(row("web-1")).not.toContainText("Maintenance window");
  await expect.poll(answered).toEqual(["web-1", "web-2"]);
  await expect(tick).toBeChecked();
  await expect(tick).toBeFocused();
});

test("a wall greys everything when the agent is gone or the stream falls silent, and fills again with news", async ({
  page,
  lab,
}) => {
  await page.addInitScript(() => {
    const sources: EventSource[] = [];
    const Real = EventSource;
    window.EventSource = class extends Real {
      constructor(url: string | URL) {
        super(url);
        sources.push(this);
      }
    };
    window.addEventListener("silence", () => {
      for (const source of sources) source.onmessage = null;
    });
  });
  await page.goto("/monitor");
  await page.getByRole("button", { name: "Wall mode" }).click();
  const wall = page.getByRole("dialog", { name: "Wall" });
  await expect(wall).toContainText(/Not checked or unknown|Up/);
  expect(new URL(page.url()).searchParams.get("wall")).toBe("1");
  await lab.process("agent", "kill");
  try {
    await expect(wall.getByRole("heading")).toContainText("The agent does not answer");
    await expect(wall.locator("[data-glyph]:not([data-glyph=unknown])")).toHaveCount(0);
    await expect(wall).toContainText("was ");
  } finally {
    await lab.process("agent", "start");
  }
  await expect(wall.getByRole("heading")).not.toContainText("does not answer");
  await page.evaluate(() => window.dispatchEvent(new Event("silence")));
  await expect(wall.getByRole("heading")).toContainText("No news from the server");
  await expect(wall.locator("[data-glyph]:not([data-glyph=unknown])")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("heading", { name: "Monitor", level: 1 })).toBeVisible();
});
