import { labFarms } from "../server/lab/open-lab.ts";
import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";

const seedFarm = { id: "5a6b7c10-0000-4000-8000-000000000002", name: "weighted" };

test("the seed farm shows 66.7 and 33.3 %, equal weights 50.0 each at once, and nothing is sent to the host", async ({
  page,
  request,
}) => {
  expect(JSON.stringify(labFarms())).toContain(seedFarm.id);
  const board = await new Board(page, seedFarm).open();
  const version = async () => (await (await request.get(`/api/farms/${seedFarm.id}`)).json()).version;
  const before = await version();
  await board.expectPlanned([
    ["web-1", "66.7"],
    ["web-2", "33.3"],
  ]);
  await board.box("web-1").fill("50");
  await board.expectPlanned([
    ["web-1", "50.0"],
    ["web-2", "50.0"],
  ]);
  await expect(board.dock).toContainText("1 edit staged");
  expect(await version()).toBe(before);
});

test("in share mode a row dragged to 100 and back in one gesture leaves 50/30/20, and the sum reads 100 throughout", async ({
  page,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([50, 30, 20]);
  const board = await new Board(page, farm).open();
  await page.getByRole("button", { name: "Share of 100 %" }).click();
  const sum = page.getByTestId("planned-sum");
  const start = await board.pointAt("web-1", 50);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  for (const share of [60, 80, 100]) {
    const to = await board.pointAt("web-1", share);
    await page.mouse.move(to.x, to.y);
    await expect(board.slider("web-1")).toHaveValue(String(share));
    await expect(sum).toContainText("100.0");
  }
  await board.expectPlanned([["web-1", "100.0"]]);
  await page.mouse.move(start.x, start.y);
  await page.mouse.up();
  await board.expectPlanned([
    ["web-1", "50.0"],
    ["web-2", "30.0"],
    ["web-3", "20.0"],
  ]);
  await expect(board.dock).toBeHidden();
});

test("a locked row never moves; with all others locked the slider is disabled and says why", async ({
  page,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([50, 30, 20]);
  const board = await new Board(page, farm).open();
  await page.getByRole("button", { name: "Share of 100 %" }).click();
  await page.getByRole("button", { name: "Lock web-3" }).click();
  await board.slider("web-1").focus();
  await page.keyboard.press("PageUp");
  await board.expectPlanned([
    ["web-1", "60.0"],
    ["web-2", "20.0"],
    ["web-3", "20.0"],
  ]);
  await expect(board.slider("web-3")).toBeDisabled();
  await page.getByRole("button", { name: "Equalise" }).click();
  await board.expectPlanned([
    ["web-1", "40.0"],
    ["web-2", "40.0"],
    ["web-3", "20.0"],
  ]);
  await page.getByRole("button", { name: "Lock web-2" }).click();
  await expect(board.slider("web-1")).toBeDisabled();
  await expect(board.slider("web-1")).toHaveAccessibleDescription(/all other backends are locked/i);
  await expect(board.row("web-1")).toContainText("all other backends are locked");
});

test("the whole weights page works by keyboard alone, and the backends' own counters follow what was applied", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([100, 50]);
  const board = await new Board(page, farm).open();
  const toSlider = async (name: string) => {
    for (let step = 0; step < 60; step++) {
      if (await board.slider(name).evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the slider of ${name} cannot be reached`);
  };
  await toSlider("web-1");
  const press = async (key: string, weight: number) => {
    await page.keyboard.press(key);
    await expect(board.slider("web-1")).toHaveValue(String(weight));
  };
  await press("ArrowLeft", 99);
  await press("ArrowUp", 100);
  await press("Shift+ArrowLeft", 90);
  await press("PageDown", 80);
  await press("Home", 0);
  await press("End", 100);
  await press("Home", 0);
  await press("Escape", 100);
  await page.keyboard.press("l");
  await expect(board.slider("web-1")).toBeDisabled();
  await page.keyboard.press("Control+z");
  await expect(board.slider("web-1")).toBeEnabled();
  await toSlider("web-2");
  await page.keyboard.press("e");
  await board.expectWeights({ "web-1": 75, "web-2": 75 });
  await page.keyboard.press("Control+z");
  await board.expectWeights({ "web-1": 100, "web-2": 50 });
  await page.keyboard.press("Control+Shift+z");
  await board.expectWeights({ "web-1": 75, "web-2": 75 });
  await page.keyboard.press("Control+z");
  await toSlider("web-1");
  await page.keyboard.type("50");
  await page.keyboard.press("Enter");
  await board.expectWeights({ "web-1": 50, "web-2": 50 });

  await page.keyboard.press("Control+Enter");
  await board.applied();
  expect((await now()).farm.backends.map((backend) => backend.weight)).toEqual([50, 50]);
  const before = await lab.counters();
  const report = await lab.connect({ address: farm.addresses[0] ?? "", port: 80, count: 200 });
  const after = await lab.counters();
  expect(report.failed).toBe(0);
  for (const name of ["web-1", "web-2"]) {
    // the lab's own traffic goes to the same farm meanwhile
    expect(report.answered[name]).toBeGreaterThan(90);
    const grown = (after[name]?.connections ?? 0) - (before[name]?.connections ?? 0);
    expect(grown).toBeGreaterThanOrEqual(report.answered[name] ?? 0);
  }
});

test("a screen reader hears name, weight, share and former value on a slider, and one summary after a linked move", async ({
  page,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([25, 25, 50]);
  const board = await new Board(page, farm).open();
  await board.box("web-1").fill("45");
  await expect(board.slider("web-1")).toHaveAttribute("aria-valuetext", "web-1 weight 45, share 37.5 percent, was 25");
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: "Share of 100 %" }).click();
  await board.slider("web-3").focus();
  await page.keyboard.press("PageUp");
  await page.keyboard.press("Enter");
  await expect(
    page.getByRole("status").filter({ hasText: "web-1 20.0 percent, web-2 20.0 percent, web-3 60.0 percent" }),
  ).toHaveCount(1);
});

test("typing 37 equals dragging to 37; letters, -1 and 1001 are refused with a message tied to the box", async ({
  page,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([100, 50]);
  const board = await new Board(page, farm).open();
  await board.box("web-1").fill("37");
  const typed = await board.bar("Planned").getAttribute("aria-label");
  await page.getByRole("button", { name: "Undo" }).click();
  const from = await board.pointAt("web-1", 100);
  const to = await board.pointAt("web-1", 37);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  await board.expectWeights({ "web-1": 37 });
  await expect(board.bar("Planned")).toHaveAttribute("aria-label", typed ?? "");
  for (const text of ["ten", "-1", "1001", "1.5"]) {
    await board.box("web-1").fill(text);
    await expect(board.box("web-1")).toHaveAttribute("aria-invalid", "true");
    await expect(board.box("web-1")).toHaveAccessibleDescription(/whole number from 0 to 1,000/);
    await expect(board.bar("Planned")).toHaveAttribute("aria-label", typed ?? "");
  }
  await board.box("web-1").fill("38");
  await expect(board.box("web-1")).not.toHaveAttribute("aria-invalid", "true");
});

test("undo after equalise restores each former weight, and a reload keeps the staged draft", async ({
  page,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([70, 20, 10]);
  const board = await new Board(page, farm).open();
  await board.box("web-2").fill("30");
  await page.getByRole("button", { name: "Equalise" }).click();
  await page.getByRole("button", { name: "Undo" }).click();
  await board.expectWeights({ "web-1": 70, "web-2": 30, "web-3": 10 });
  await page.reload();
  await board.ready();
  await board.expectWeights({ "web-1": 70, "web-2": 30, "web-3": 10 });
  await expect(board.dock).toContainText("1 edit staged");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(board.dock).toBeHidden();
  await page.reload();
  await board.expectWeights({ "web-1": 70, "web-2": 20, "web-3": 10 });
});

test("putting every weight back by hand leaves nothing to apply", async ({ page, makeTestFarm }) => {
  const { farm } = await makeTestFarm([70, 30]);
  const board = await new Board(page, farm).open();
  await board.box("web-1").fill("71");
  await expect(board.dock).toBeVisible();
  await board.box("web-1").fill("70");
  await expect(board.dock).toBeHidden();
});

test("the review lists every edit in words, before and after, and as nft text the kernel has checked", async ({
  page,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  const board = await new Board(page, farm).open();
  await board.box("web-2").fill("100");
  await board.dock.getByRole("button", { name: "Review" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("web-2 weight 50 to 100: takes 66.7 %");
  await expect(review.getByRole("row", { name: /web-2/ })).toContainText("+16.7");
  await expect(review).toContainText("Kernel check passed");
  await expect(review.getByRole("region", { name: /nft text/ })).toContainText("inet sluice");
  const middles = [
    review.getByRole("heading", { name: "What will happen" }),
    review.getByText("Kernel transaction", { exact: true }),
    review.getByText(/^Kernel check passed/),
  ].map(async (words) =>
    words.evaluate((element) => {
      const { top, height } = element.getBoundingClientRect();
      return top + height / 2;
    }),
  );
  const [first = 0, ...others] = await Promise.all(middles);
  for (const middle of others) expect(Math.abs(middle - first), "on one line").toBeLessThanOrEqual(1);
  await review.getByRole("button", { name: "Apply" }).press("Enter");
  await board.applied();
  await expect(page.getByRole("main"), "the bar that Review stood in is gone: the focus is not").toBeFocused();
  expect((await now()).farm.backends.map((backend) => backend.weight)).toEqual([50, 100]);
});
