import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";
import { openForm } from "./form.ts";

test("a farm is made to hash its clients, and says what slots make of its weights", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 30, 20]);
  await openForm(page, `/farms/${farm.id}/settings`);
  await page.getByLabel("Scheduler").selectOption("source-hash");
  await page.getByLabel("Hash by").selectOption("Client address and port");
  await page.getByRole("button", { name: "Review and save" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("Scheduler weighted to source-hash");
  await expect(review).toContainText("Kernel check passed");
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Applied as revision/)).toBeVisible();
  const fields = { scheduler: "source-hash", hashFields: ["source-address", "source-port"] };
  expect((await now()).farm).toMatchObject(fields);
  const report = await lab.connect({ address: farm.addresses[0] ?? "", port: 80, count: 60 });
  expect(report.failed).toBe(0);

  const board = await new Board(page, farm).open();
  await expect(board.row("web-1")).toContainText(/50\.0 %\s*\d+\.\d programmed/);
  await expect(page.getByText("This farm hashes its clients to slots")).toBeVisible();
  await board.box("web-1").fill("60");
  await board.dock.getByRole("button", { name: "Review" }).click();
  await expect(page.getByRole("dialog")).toContainText(/About \d+\.\d % of clients meet another backend/);
  await page.goto(`/farms/${farm.id}`);
  await expect(page.getByText("source-hash by address and port")).toBeVisible();
});

test("a measured scheduler says that its weights follow what is measured", async ({ page, makeTestFarm }) => {
  const { farm } = await makeTestFarm([50, 50], { scheduler: "least-connections" });
  await page.goto(`/farms/${farm.id}`);
  await expect(page.getByText("least-connections, weights follow open connections")).toBeVisible();
  await new Board(page, farm).open();
  await expect(page.getByText(/^Measured weights: each is moved between 10 and 200 %/)).toBeVisible();
});
