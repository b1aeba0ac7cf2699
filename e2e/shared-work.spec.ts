import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";
import { openForm } from "./form.ts";

test("two browsers stage the same farm; the second apply meets a conflict view and overwrites nothing", async ({
  page,
  otherPage,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([100, 100, 50]);
  const first = await new Board(page, farm).open();
  const second = await new Board(otherPage, farm).open();
  await first.box("web-1").fill("90");
  await first.box("web-3").fill("60");
  await second.box("web-1").fill("80");
  await second.box("web-2").fill("120");
  await first.dock.getByRole("button", { name: "Apply" }).click();
  await first.applied();
  await second.dock.getByRole("button", { name: "Apply" }).click();
  const conflict = otherPage.getByRole("dialog");
  await expect(conflict).toContainText(`${farm.name} changed since you began`);
  await expect(conflict.getByRole("row", { name: /web-1/ })).toContainText(/100.*80.*90/s);
  await expect(conflict.getByRole("row", { name: /web-2/ })).toContainText("yours only");
  await expect(conflict.getByRole("row", { name: /web-3/ })).toContainText("theirs only");
  expect((await now()).farm.backends.map((backend) => backend.weight)).toEqual([90, 100, 60]);
  await conflict.getByRole("group", { name: "Result for web-1" }).getByRole("button", { name: "Theirs" }).click();
  await conflict.getByRole("button", { name: /^Rebase onto/ }).click();
  await second.expectWeights({ "web-1": 90, "web-2": 120, "web-3": 60 });
  await second.dock.getByRole("button", { name: "Apply" }).click();
  await second.applied();
  expect((await now()).farm.backends.map((backend) => backend.weight)).toEqual([90, 120, 60]);
});

test("settings edited in two browsers meet a conflict view, and the rebased form keeps both edits", async ({
  page,
  otherPage,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  for (const one of [page, otherPage]) {
    await openForm(one, `/farms/${farm.id}/settings`);
  }
  await otherPage.getByLabel("Tags").fill("eu");
  await page.getByLabel("Notes").fill("the first");
  await page.getByRole("button", { name: "Review and save" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Applied as revision/)).toBeVisible();
  await otherPage.getByRole("button", { name: "Review and save" }).click();
  const conflict = otherPage.getByRole("dialog");
  await expect(conflict).toContainText("changed since you began");
  await expect(conflict.getByRole("row", { name: /Notes/ })).toContainText("theirs only");
  await conflict.getByRole("button", { name: /^Rebase onto/ }).click();
  await expect(otherPage.getByLabel("Notes")).toHaveValue("the first");
  await otherPage.getByRole("button", { name: "Review and save" }).click();
  await otherPage.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(otherPage.getByText(/^Applied as revision/)).toBeVisible();
  expect((await now()).farm).toMatchObject({ notes: "the first", tags: ["eu"] });
});

test("a message that offers an undo goes as soon as another browser changes the farm", async ({
  page,
  otherPage,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([100, 50]);
  const second = await new Board(otherPage, farm).open();
  await second.box("web-2").fill("70");
  const first = await new Board(page, farm).open();
  await first.box("web-1").fill("90");
  await first.dock.getByRole("button", { name: "Apply" }).click();
  const messages = page.getByRole("region", { name: "Messages" });
  // under the pointer it would stay for good
  await messages.getByText(/^Applied as revision/).hover();
  await expect(messages.getByRole("button", { name: "Undo" })).toBeVisible();
  await second.dock.getByRole("button", { name: "Apply" }).click();
  await otherPage.getByRole("button", { name: /^Rebase onto/ }).click();
  await second.dock.getByRole("button", { name: "Apply" }).click();
  await second.applied();
  await expect(messages.getByRole("button", { name: "Undo" })).toHaveCount(0);
});
