import { expect, test } from "./fixtures.ts";

/** the preflight looks a moment after somebody wrote, and pages hear of the agent's state now and then */
const timeout = 60_000;

test("what others have in the way stands on the overview, the farm and the host with its command, and goes once it was run", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  test.slow();
  const { farm } = await makeTestFarm([1, 1]);
  const [vip = ""] = farm.addresses;
  const script = `table inet e2e { chain early { type nat hook prerouting priority -150; ip daddr ${vip} dnat ip to 192.168.100.10; }; }\n`;
  try {
    expect((await lab.exec("balancer", ["nft", "-f", "-"], script)).code).toBe(0);
    await page.goto("/");
    const attention = page.getByRole("listitem").filter({ hasText: /This balancer/ });
    await expect(attention).toContainText("translates connections before Sluice does", { timeout });
    await page.goto(`/farms/${farm.id}`);
    const reasons = page.getByRole("region", { name: "Reasons for missing traffic" });
    await expect(reasons).toContainText("nft delete rule inet e2e early handle", { timeout });
    await page.goto("/settings");
    const host = page.getByRole("region", { name: "Found on this host" });
    // the host may be found wanting in more than this
    const finding = host.getByRole("listitem").filter({ hasText: "before Sluice does" });
    await expect(finding).toContainText("It concerns 1 farm.");
    const command = finding.locator("code");
    await expect(command).toHaveText(/^nft delete rule inet e2e early handle \d+$/);
    expect((await lab.exec("balancer", ["sh", "-c", (await command.textContent()) ?? ""])).code).toBe(0);
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
      // what happened still says so further down
      await expect(finding).toHaveCount(0, { timeout: 1000 });
    }).toPass({ timeout });
  } finally {
    await lab.exec("balancer", ["nft", "delete", "table", "inet", "e2e"]);
  }
});

test("a rule changed by hand is told with process, farm and difference, and stands with the host", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([1, 1]);
  const [vip = ""] = farm.addresses;
  const removed = await lab.exec("balancer", [
    "nft",
    "delete",
    "element",
    "inet",
    "sluice",
    "svc4",
    `{ ${vip} . tcp . 80 }`,
  ]);
  expect(removed.code).toBe(0);
  await page.goto("/");
  const told = page.getByText(
    new RegExp(`^nft .*changed the rules: farm ${farm.name}: ${vip} tcp 80 not served; put right$`),
  );
  await expect(told.first()).toBeVisible({ timeout });
  await page.goto("/settings");
  const last = page.getByRole("region", { name: "Last foreign change" });
  await expect(last).toContainText(`+ svc4 ${vip} . tcp . 80 : goto f_`);
});
