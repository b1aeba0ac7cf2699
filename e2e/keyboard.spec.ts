import { expect, test } from "./fixtures.ts";

test("Ctrl+K leads from any page to a farm, also when Enter is faster than the server, and Escape goes back", async ({
  page,
}) => {
  await page.goto("/events");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const find = page.getByRole("button", { name: /^Find a farm/ });
  await find.focus();
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: "Name, address or tag" });
  await expect(box).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(find).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("weighted");
  await expect(box, "also what is typed right after Ctrl+K").toHaveValue("weighted");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "weighted", level: 1 })).toBeVisible();
  await expect(page.getByRole("main"), "reading goes on in the new page").toBeFocused();
});

test("a dialog begins at its first field and gives the focus back; text marked with the mouse does not close it", async ({
  page,
}) => {
  await page.goto("/settings");
  const add = page.getByRole("button", { name: "Add person" });
  await add.click();
  const name = page.getByRole("dialog").getByLabel("Name", { exact: true });
  await expect(name).toBeFocused();
  await name.fill("Grace");
  const box = await name.boundingBox();
  if (box === null) throw new Error("the field is not drawn");
  await page.mouse.move(box.x + 40, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(5, box.y);
  await page.mouse.up();
  await expect(name, "the drag ended outside").toHaveValue("Grace");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(add).toBeFocused();
});

test("everybody changes their own password, who knows the current one", async ({ page, browser, baseURL }) => {
  const person = { username: "grace", first: "first password 1", own: "my own password 2" };
  await page.goto("/settings");
  await page.getByRole("button", { name: "Add person" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name", { exact: true }).fill("Grace");
  await dialog.getByLabel("Username").fill(person.username);
  await dialog.locator('input[name="new-password"]').fill(person.first);
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("Grace can sign in")).toBeVisible();
  const context = await browser.newContext({ baseURL: baseURL ?? "", storageState: { cookies: [], origins: [] } });
  const own = await context.newPage();
  const signIn = async (password: string) => {
    await own.locator('input[name="username"]').fill(person.username);
    await own.keyboard.press("Tab");
    await own.keyboard.type(password);
    await expect(own.locator('input[name="password"]'), "what is typed next is the password").toHaveValue(password);
    await own.keyboard.press("Enter");
  };
  await own.goto("/sign-in");
  await signIn(person.first);
  await own.getByRole("button", { name: "Account of Grace" }).click();
  await own.getByRole("menuitem", { name: "Change password" }).click();
  const asked = own.getByRole("dialog");
  await asked.getByLabel("Current password", { exact: true }).fill("a guess of somebody 3");
  await asked.getByLabel("New password", { exact: true }).fill(person.own);
  await asked.getByRole("button", { name: "Change password" }).click();
  await expect(asked.getByText("This is not your current password")).toBeVisible();
  await asked.getByLabel("Current password", { exact: true }).fill(person.first);
  await asked.getByRole("button", { name: "Change password" }).click();
  await expect(own.getByText("Your password is changed")).toBeVisible();
  await own.getByRole("button", { name: "Account of Grace" }).click();
  await own.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(own).toHaveURL(/\/sign-in/);
  await signIn(person.own);
  await expect(own.getByRole("navigation", { name: "Main" })).toBeVisible();
  await context.close();
});
