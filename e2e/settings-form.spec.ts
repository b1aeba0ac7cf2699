import { expect, test } from "./fixtures.ts";
import { openForm, openSection } from "./form.ts";

test("persistence, pins, a sorry server and limits are set in their sections, folded with what is set in a line", async ({
  page,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 30]);
  await openForm(page, `/farms/${farm.id}/settings`);
  const persistence = await openSection(page, "Persistence");
  await persistence.getByLabel("Remember clients").selectOption("By client address");
  await persistence.getByLabel("For how long, seconds").fill("60");
  await persistence.getByRole("button", { name: "Pin a client" }).click();
  await persistence.getByLabel("Client of pin 1").fill("10.9.0.0/16");
  await persistence.getByLabel("Backend of pin 1").selectOption("web-2");
  await persistence.locator("summary").click();
  await expect(persistence).toContainText("By client address, 60 s; 1 pin");
  const outage = await openSection(page, "When no backend serves");
  await outage.getByLabel("Sorry server").fill("192.168.100.12");
  const backend = page.getByRole("listitem", { name: "web-1" });
  await backend.locator("summary").click();
  await backend.getByLabel("Connections at most").fill("many");
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(backend.getByLabel("Connections at most")).toBeFocused();
  await backend.getByLabel("Connections at most").fill("500");
  await page.getByRole("button", { name: "Review and save" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("10.9.0.0/16 is pinned to web-2");
  await expect(review).toContainText("Kernel check passed");
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Applied as revision/)).toBeVisible();
  expect((await now()).farm).toMatchObject({
    persistence: { by: "source-address", timeoutS: 60, prefixV4: 32, prefixV6: 64, size: null },
    pins: [{ client: "10.9.0.0/16", backend: "web-2" }],
    sorryServer: { address: "192.168.100.12", port: null },
    backends: [{ maxConnections: 500, tier: 0 }, { maxConnections: null }],
  });
});

test("a combination that cannot work says why before it is chosen, and an error opens its section", async ({
  page,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([50, 30], { scheduler: "source-hash", persistence: { timeoutS: 60 } });
  await openForm(page, `/farms/${farm.id}/settings`);
  const forwarding = await openSection(page, "Forwarding");
  const stateless = forwarding.getByRole("option", { name: "Stateless", includeHidden: true });
  await expect(stateless).toBeDisabled();
  await expect(forwarding).toContainText(/Not .*Stateless.*: Clients cannot be remembered: forwarding/);
  const persistence = await openSection(page, "Persistence");
  await persistence.getByLabel("Remember clients").selectOption("No");
  await forwarding.getByLabel("Forwarding", { exact: true }).selectOption("Stateless");
  await expect(page.getByText(/Not Weighted, Round robin, Random by weight/)).toBeVisible();
  await expect(persistence.getByRole("button", { name: "Pin a client" })).toHaveAttribute("aria-disabled", "true");

  await forwarding.getByLabel("Forwarding", { exact: true }).selectOption("Source NAT");
  await forwarding.getByLabel("Source address").fill("nowhere");
  await forwarding.locator("summary").click();
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(forwarding.getByLabel("Source address")).toBeFocused();
});
