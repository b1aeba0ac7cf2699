import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { administrator, system } from "./system.ts";

test("the one-time link makes the administrator, who is signed in and can sign in again with the password", async ({
  browser,
}) => {
  const { origin, webData, storageState } = system();
  const token = readFileSync(join(webData, "setup-token"), "utf8").trim();
  const context = await browser.newContext({ baseURL: origin });
  const page = await context.newPage();
  await page.goto("/");
  await expect(page, "nobody gets in without the link").toHaveURL(/\/setup/);
  await page.goto(`/setup?token=${encodeURIComponent(token)}`);
  await page.locator('input[name="name"]').fill(administrator.name);
  await page.locator('input[name="username"]').fill(administrator.username);
  await page.locator('input[name="password"]').fill(administrator.password);
  await page.getByRole("button", { name: /create and sign in/i }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  // what happened at the start is told, also when it was written down only after the page was read
  await expect(page.getByText("The farms were given to the agent").first()).toBeVisible();
  await context.clearCookies();
  await page.goto(`/setup?token=${encodeURIComponent(token)}`);
  await expect(page, "the link works once").toHaveURL(/\/sign-in/);
  await page.locator('input[name="username"]').fill(administrator.username);
  await page.locator('input[name="password"]').fill(administrator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
  await context.storageState({ path: storageState });
  await context.close();
});
