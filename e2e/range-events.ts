/** The line of events above a farm's charts. */
import { expect, type Locator, type Page } from "@playwright/test";

/** The link of a revision: what the host found meanwhile is newer and may have folded it away, also while this looks. */
export async function revisionLink(page: Page, version: number): Promise<Locator> {
  const events = page.getByRole("region", { name: "Events in this range" });
  const link = events.getByRole("link", { name: `revision ${version}`, exact: true });
  const more = events.getByRole("button", { name: /more events?$/ });
  await expect(async () => {
    if (await more.isVisible()) await more.click();
    await expect(link).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 20_000 });
  return link;
}
