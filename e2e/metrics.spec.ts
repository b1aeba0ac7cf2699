/** `/metrics` of the console: the token made in the settings opens it, and nothing else does. */
import { expect, test } from "./fixtures.ts";

test("a token made in the settings opens /metrics, with the agent's series; without it the answer is 401", async ({
  page,
  playwright,
  baseURL,
}) => {
  await page.goto("/settings");
  const panel = page.getByRole("region", { name: "Prometheus" });
  await expect(panel).toBeVisible();
  const config = panel.locator("pre");
  // the test of every action may have made one before
  if ((await config.count()) === 0) await panel.getByRole("button", { name: "Make a token" }).click();
  await expect(config).toContainText("job_name: sluice");
  const token = /credentials: (\S+)/.exec((await config.textContent()) ?? "")?.[1] ?? "";
  const scraper = await playwright.request.newContext({
    baseURL: baseURL ?? "",
    storageState: { cookies: [], origins: [] },
  });
  expect((await scraper.get("/metrics")).status()).toBe(401);
  expect((await scraper.get("/metrics", { headers: { authorization: `Bearer ${token}x` } })).status()).toBe(401);
  const answer = await scraper.get("/metrics", { headers: { authorization: `Bearer ${token}` } });
  expect(answer.headers()["content-type"]).toContain("version=0.0.4");
  const text = await answer.text();
  expect(text).toContain("sluice_web_agent_up 1");
  expect(text).toContain('sluice_backend_admin_state{farm="weighted",backend="web-1",state="active"} 1');
  await scraper.dispose();
});
