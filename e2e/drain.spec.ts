import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";

test("a drain stops new connections, keeps open ones, counts down to empty, and resume restores the weight", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  const address = farm.addresses[0] ?? "";
  const board = await new Board(page, farm).open();
  const held = await lab.hold({ address, port: 80, count: 8 });
  const onSecond = held.filter((one) => one.backend === "web-2").map((one) => one.id);
  expect(onSecond.length).toBeGreaterThan(0);
  await board.box("web-1").fill("60");

  await page.getByRole("button", { name: "Drain web-2" }).click();
  // the message goes after a while, the row's word stays
  await expect(page.getByText("Your staged edit was not sent along.")).toBeVisible();
  await expect(board.row("web-2")).toContainText("Draining");
  await expect(board.dock).toContainText("1 edit staged");
  expect((await now()).farm.backends.map((backend) => [backend.weight, backend.adminState])).toEqual([
    [50, "active"],
    [50, "drain"],
  ]);
  const report = await lab.connect({ address, port: 80, count: 30 });
  expect(report.answered).toEqual({ "web-1": 30 });
  const asked = await lab.held({ ids: onSecond, action: "ask" });
  expect(asked.every((one) => one.isOpen && one.backend === "web-2")).toBe(true);
  await expect(board.row("web-2")).toContainText(`${onSecond.length} left`);
  await lab.held({ ids: held.map((one) => one.id), action: "release" });
  await expect(board.row("web-2")).toContainText("empty", { timeout: 20_000 });
  // said until the next message: what follows here would take its place
  await expect(page.locator("[aria-live=polite]").filter({ hasText: `web-2 of ${farm.name} is empty` })).toHaveCount(1);

  await page.getByRole("button", { name: "Resume web-2" }).click();
  await expect(page.getByRole("button", { name: "Drain web-2" })).toBeVisible();
  // the row may be told of it before the database is
  await expect.poll(async () => (await now()).farm.backends[1]).toMatchObject({ weight: 50, adminState: "active" });
  await expect.poll(async () => (await lab.connect({ address, port: 80, count: 10 })).answered["web-2"]).toBe(5);
});

test("draining or zeroing the last serving backend asks for the farm's name first", async ({ page, makeTestFarm }) => {
  const { farm, now } = await makeTestFarm([100, 0]);
  const board = await new Board(page, farm).open();
  await page.getByRole("button", { name: "Drain web-1" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("last serving backend");
  await expect(dialog.getByRole("button", { name: /^Drain web-1/ })).toHaveAttribute("aria-disabled", "true");
  await page.keyboard.press("Escape");
  expect((await now()).farm.backends[0]?.adminState).toBe("active");

  await board.box("web-1").fill("0");
  await expect(board.row("web-1")).toContainText("gets no new connections by weight");
  await page.keyboard.press("Control+Enter");
  const apply = dialog.getByRole("button", { name: /^Apply/ });
  await expect(apply).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel(`Type ${farm.name} to go on`).fill(farm.name);
  await expect(apply).not.toHaveAttribute("aria-disabled", "true");
  await apply.click();
  await board.applied();
  expect((await now()).farm.backends[0]?.weight).toBe(0);
});

test("cutting the connections of a drained backend asks for the farm's name and ends them at once", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([50, 50]);
  const board = await new Board(page, farm).open();
  const held = await lab.hold({ address: farm.addresses[0] ?? "", port: 80, count: 6 });
  const onSecond = held.filter((one) => one.backend === "web-2").map((one) => one.id);
  await lab.held({ ids: onSecond, action: "stream" });
  await page.getByRole("button", { name: "Drain web-2" }).click();
  await expect(board.row("web-2")).toContainText("Draining");
  await page.getByRole("button", { name: "More for web-2" }).click();
  await page.getByRole("menuitem", { name: "Cut open connections" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(`Type ${farm.name} to go on`).fill(farm.name);
  await dialog.getByRole("button", { name: "Cut web-2" }).click();
  await expect(dialog).toBeHidden();
  const ended = await lab.held({ ids: onSecond, action: "await-end", timeoutMs: 15_000 });
  expect(ended.every((one) => !one.isOpen)).toBe(true);
  await lab.held({ ids: held.map((one) => one.id), action: "release" });
});
