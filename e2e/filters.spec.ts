import { expect, test } from "./fixtures.ts";
import { openForm, openSection } from "./form.ts";

const denied = "192.168.0.109";

test("a client is denied in the settings, an error is said at its line, and the live page shows what is turned away", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  await openForm(page, `/farms/${farm.id}/settings`);
  const filters = await openSection(page, "Filters and QoS");
  const list = filters.getByLabel("Denied clients");
  await list.fill(`${denied}\n10.0.0.7/8`);
  await list.blur();
  await expect(filters).toContainText("Line 2: 10.0.0.7/8 has bits behind the prefix; write 10.0.0.0/8");
  await list.fill(`${denied}\n10.0.0.0/8`);
  await filters.getByLabel("Open connections of one client").fill("5000");
  await filters.getByLabel("DSCP").fill("AF21");
  await page.getByRole("button", { name: "Review and save" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText(`10.0.0.0/8, ${denied} are denied`);
  await expect(review).toContainText("Kernel check passed");
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Applied as revision/)).toBeVisible();
  const policy = { deny: ["10.0.0.0/8", denied], connectionsPerSource: 5000, dscp: "af21" };
  expect((await now()).farm.policy).toMatchObject(policy);
  const address = farm.addresses[0] ?? "";
  expect((await lab.connect({ address, port: 80, count: 3, source: denied, timeoutMs: 500 })).failed).toBe(3);
  expect((await lab.connect({ address, port: 80, count: 10, source: "192.168.0.108" })).failed).toBe(0);
  await page.goto(`/farms/${farm.id}`);
  const panel = page.getByRole("region", { name: "Turned away", exact: true });
  await expect(panel.getByRole("row", { name: /^Denied clients/ })).toContainText(/[1-9]/);
  await page.goto(`/farms/${farm.id}/ruleset`);
  await expect(page.getByText(/chain guard_\d+_4/).first()).toBeVisible();
});

test("a SYN proxy is refused at its field until the host agrees", async ({ page, lab, makeTestFarm }) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  await lab.exec("balancer", ["sysctl", "-w", "net.netfilter.nf_conntrack_tcp_loose=1"]);
  await openForm(page, `/farms/${farm.id}/settings`);
  const filters = await openSection(page, "Filters and QoS");
  await filters.getByLabel(/^SYN proxy/).check();
  await page.getByRole("button", { name: "Review and save" }).click();
  await expect(page.getByText(/A SYN proxy needs net\.netfilter\.nf_conntrack_tcp_loose=0/).first()).toBeVisible();
  expect((await now()).farm.policy.synProxy).toBe(false);
});
