/** The farm form: open when what is typed counts. */
import { expect, type Locator, type Page } from "@playwright/test";

export async function openForm(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await formReady(page);
}

export async function formReady(page: Page): Promise<void> {
  await expect(page.locator("form[aria-busy]")).toHaveAttribute("aria-busy", "false");
}

/** Unfolds a section of the form. */
export async function openSection(page: Page, name: string): Promise<Locator> {
  const section = page.getByRole("region", { name, exact: true });
  await section.locator("summary").click();
  return section;
}
