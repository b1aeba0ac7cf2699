import { clientAddresses } from "../server/lab/places.ts";
import { expect, test } from "./fixtures.ts";

test("the page names the backend that the client then really reaches, and the question can be shared", async ({
  page,
  otherPage,
  lab,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([50, 30, 20], { scheduler: "source-hash" });
  const [vip = ""] = farm.addresses;
  await page.goto(`/farms/${farm.id}`);
  await page.getByRole("link", { name: "Explain a client" }).and(page.locator("main a")).click();
  await expect(page.getByLabel("Connects to")).toHaveValue(`${vip}:80/tcp`);
  const named = new Set<string>();
  for (const source of clientAddresses.v4.slice(0, 4)) {
    await page.getByLabel("Client", { exact: true }).fill(source);
    await page.getByRole("button", { name: "Explain" }).click();
    const answer = page.getByRole("region", { name: "Answer" });
    await expect(answer).toContainText(`${source} to ${vip}:80/tcp`);
    const text = await answer.getByRole("status").textContent();
    const backend = farm.backends.find(({ name }) => text?.includes(`${name}, `));
    const { answered, failed } = await lab.connect({ address: vip, port: 80, source, count: 5 });
    expect([failed, Object.keys(answered)]).toEqual([0, [backend?.name]]);
    named.add(backend?.name ?? "");
  }
  expect(named.size).toBeGreaterThan(1);
  await expect(page.getByRole("list", { name: "Steps" })).toContainText("jhash ip saddr mod");

  await otherPage.goto(page.url());
  await expect(otherPage.getByRole("region", { name: "Answer" })).toContainText("by its hash, each time the same");
});

test("what is wrong with a question is said at its field, and nothing is asked", async ({ page }) => {
  await page.goto("/explain");
  await page.getByRole("button", { name: "Explain" }).click();
  await expect(page.getByText("The client's address is needed")).toBeVisible();
  await page.getByLabel("Client", { exact: true }).fill("web-1");
  await page.getByLabel("Connects to").fill("192.168.0.40:80/icmp");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Client", { exact: true })).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Client", { exact: true }).fill("10.0.0.5");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Connects to")).toBeFocused();
  await expect(page.getByText(/A protocol is tcp, udp or sctp/)).toBeVisible();
  await page.getByLabel("Connects to").fill("192.0.2.99:80");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No farm has the address 192.0.2.99")).toBeVisible();
});
