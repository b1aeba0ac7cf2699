/** The monitor page in a real browser: a planned window takes a backend out, ticks and focus stay, and a wall is never green for what is not known. */
import { FarmCalls } from "../server/lab/farm-calls.ts";
import { expect, test } from "./fixtures.ts";
import { system } from "./system.ts";

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
  await expect.poll(answered).toEqual(["web-2"]);

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

test("drain, resume and test of ticked backends, by keyboard: reviewed, one change a farm, who changed meanwhile is named and reviewed again", async ({
  page,
  makeTestFarm,
}) => {
  const healthCheck = { type: "tcp", intervalMs: 1000, timeoutMs: 5000 };
  const [first, second] = [await makeTestFarm([50, 50], { healthCheck }), await makeTestFarm([50, 50])];
  const names = [first.farm.name, second.farm.name];
  await page.goto("/monitor");
  const table = page.getByRole("region", { name: "Backends by state" });
  const row = (farm: string) => table.getByRole("row").filter({ hasText: farm }).filter({ hasText: "web-1" });
  const tick = async (backend: string, farm: string) => {
    await page.getByRole("checkbox", { name: `Tick ${backend} of ${farm}`, exact: true }).focus();
    await page.keyboard.press("Space");
  };
  const dock = page.getByRole("region", { name: "Ticked backends" });
  const press = async (name: string) => {
    await dock.getByRole("button", { name, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  const apply = async (title: string, button: string) => {
    const dialog = page.getByRole("dialog", { name: title });
    await expect(dialog.getByRole("button", { name: button })).toBeEnabled();
    await dialog.getByRole("button", { name: button }).focus();
    await page.keyboard.press("Enter");
    return dialog;
  };
  for (const name of names) await tick("web-1", name);
  await press("Drain");
  const both = page.getByRole("dialog", { name: "Drain 2 backends of 2 farms?" });
  await expect(both.getByRole("region", { name: "In words" })).toContainText("web-1");
  const somebodyElse = new FarmCalls(system().agentSocket);
  await somebodyElse.farms();
  await somebodyElse.put({ ...second.farm, onDown: "cut" });
  await apply("Drain 2 backends of 2 farms?", "Apply to 2 farms");
  const again = page.getByRole("dialog", { name: `Drain 1 backend of ${names[1]}?` });
  await expect(again).toContainText(`${names[1]}:`);
  await expect(again).toContainText("since you began");
  await apply(`Drain 1 backend of ${names[1]}?`, "Apply");
  for (const name of names) await expect(row(name)).toContainText("Draining");
  await expect(dock).toHaveCount(0);

  await tick("web-1", names[0] ?? "");
  await press("Test now");
  const tested = page.getByRole("dialog", { name: "One backend is tested" });
  await expect(tested.getByRole("row").filter({ hasText: "web-1" })).toContainText("Good in");
  await page.keyboard.press("Escape");
  await tick("web-2", names[0] ?? "");
  await press("Maintenance");
  const emptying = page.getByRole("dialog", { name: `Take out 2 backends of ${names[0]}?` });
  await expect(emptying.getByRole("button", { name: "Apply" })).toContainText(`Type ${names[0]} first`);
  await page.keyboard.press("Escape");
  await press("Resume");
  await expect(page.getByRole("dialog")).toContainText(`web-2 of ${names[0]} is in service already`);
  await apply(`Resume 1 backend of ${names[0]}?`, "Apply");
  await expect(row(names[0] ?? "")).not.toContainText("Draining");
  // the row may be told of it before the database is
  const states = async () => (await first.now()).farm.backends.map(({ adminState }) => adminState);
  await expect.poll(states).toEqual(["active", "active"]);
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
  await expect(page).toHaveURL(/[?&]wall=1(&|$)/);
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
