/** Notifications in a real browser: a receiver is added, tested, told of what happens, and removed. */
import { openReceiver } from "../server/notify/receiver.testing.ts";
import { expect, test } from "./fixtures.ts";

test("a webhook that is added and tested hears of the next event, and of none after it is removed", async ({
  page,
  makeTestFarm,
}) => {
  const receiver = await openReceiver(() => ({ status: 200, text: "thank you" }));
  await page.goto("/settings");
  const panel = page.getByRole("region", { name: "Notifications" });
  await panel.getByRole("button", { name: "Add target" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("night shift");
  await dialog.getByLabel("Address").fill("ftp://nowhere");
  await dialog.getByLabel("Changes", { exact: true }).check();
  await dialog.getByLabel("Wait for more, seconds").fill("0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("An address like https://host/path is needed")).toBeVisible();
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await panel.getByRole("button", { name: "Send a test to night shift" }).click();
  await expect(panel.getByText(/night shift took the test after \d+ ms: 200 OK: thank you/)).toBeVisible();
  const { farm } = await makeTestFarm([100]);
  const told = () => receiver.received.map(({ body }) => body).join("\n");
  await expect.poll(told, { intervals: [100] }).toContain(farm.name);
  await page.reload();
  const row = panel.getByRole("row", { name: /night shift/ });
  await expect(row).toContainText("Works");
  await expect(panel, "the address is not shown again").not.toContainText("secret-path");
  await row.getByRole("button", { name: "Actions for night shift" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(panel.getByText("Nobody is told when something fails")).toBeVisible();
  await receiver.close();
});
