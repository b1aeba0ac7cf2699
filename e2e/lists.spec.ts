import { expect, test } from "./fixtures.ts";
import { formReady, openForm, openSection } from "./form.ts";

const one = "192.168.0.101";
const other = "192.168.0.102";

test("a list is made, a farm refers to it, and changing the list changes whom the farm answers", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  const address = farm.addresses[0] ?? "";
  const failed = async (source: string) =>
    (await lab.connect({ address, port: 80, count: 2, source, timeoutMs: 2000 })).failed;
  const apply = async (label = "Apply") => {
    const review = page.getByRole("dialog");
    await expect(review).toContainText("Kernel check passed");
    await review.getByRole("button", { name: label }).click();
    await expect(review).toBeHidden();
  };

  await page.goto("/lists");
  await page.getByRole("link", { name: "New list" }).click();
  await page.getByLabel("Name").fill("journey");
  const networks = page.getByLabel("Networks");
  await networks.fill("fd00:51::/64\n\n192.168.0.101/31x");
  await page.getByRole("button", { name: "Review and create" }).click();
  await expect(page.getByText(/^Line 3: 192\.168\.0\.101\/31x/)).toBeVisible();
  await networks.fill(`fd00:51::/64\n\n${one}`);
  await page.getByRole("button", { name: "Review and create" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("New list journey: 192.168.0.101, fd00:51::/64");
  await expect(review).toContainText("The kernel's rules stay as they are.");
  await review.getByRole("button", { name: "Create list" }).click();
  await expect(page.getByRole("heading", { name: "journey", level: 1 })).toBeVisible();
  await expect(page.getByText("no farm refers to it", { exact: true })).toBeVisible();

  await openForm(page, `/farms/${farm.id}/settings`);
  const filters = await openSection(page, "Filters and QoS");
  const denied = filters.getByLabel("Denied clients", { exact: true });
  await denied.fill("10.0.0.0/8\n@nobody");
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(filters).toContainText("Line 2: @nobody: there is no list of this name");
  await denied.fill("10.0.0.0/8");
  await filters.getByRole("button", { name: "Add the list journey to: Denied clients" }).click();
  await expect(denied).toHaveValue("10.0.0.0/8\n@journey");
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(review).toContainText("10.0.0.0/8, list journey are denied");
  await apply();
  expect((await now()).farm.policy.deny).toEqual(["10.0.0.0/8", "@journey"]);
  expect([await failed(one), await failed(other)]).toEqual([2, 0]);

  await page.goto("/lists");
  const row = page.getByRole("row", { name: /^journey/ });
  await expect(row.getByRole("link", { name: farm.name })).toBeVisible();
  await row.getByRole("link", { name: "journey" }).click();
  await expect(page.getByRole("button", { name: "Delete journey" })).toHaveAttribute("aria-disabled", "true");
  await page.getByLabel("Networks").fill(other);
  const { version } = await now();
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(review).toContainText("List journey: 192.168.0.102 added");
  await expect(review).toContainText(`Farm ${farm.name} follows at once`);
  await apply();
  expect([await failed(one), await failed(other)]).toEqual([0, 2]);
  expect((await now()).version, "the farm itself was not touched").toBe(version);
  await page.goto(`/farms/${farm.id}`);
  const turned = page.getByRole("region", { name: "Turned away", exact: true });
  await expect(turned.getByRole("row", { name: /^Denied by the list journey/ })).toContainText(/[1-9]/);

  await openForm(page, `/farms/${farm.id}/settings`);
  await (await openSection(page, "Filters and QoS")).getByLabel("Denied clients", { exact: true }).fill("");
  await page.getByRole("button", { name: "Review and save" }).click();
  await apply();
  await formReady(page);
  await page.goto("/lists");
  await page.getByRole("link", { name: "journey" }).click();
  await page.getByRole("button", { name: "Delete journey" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete journey" }).click();
  await expect(page.getByText("List journey is deleted")).toBeVisible();
  await expect(page.getByRole("row", { name: /^journey/ })).toBeHidden();
});
