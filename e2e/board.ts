/** The weights board as a person meets it: by role and name. */
import { expect, type Locator, type Page } from "@playwright/test";
import type { Farm } from "../server/core/farm/types.ts";

export class Board {
  readonly page: Page;
  readonly farm: Pick<Farm, "id" | "name">;

  constructor(page: Page, farm: Pick<Farm, "id" | "name">) {
    this.page = page;
    this.farm = farm;
  }

  /** Ready when live values have come. */
  async open(): Promise<this> {
    await this.page.goto(`/farms/${this.farm.id}/weights`);
    await this.ready();
    return this;
  }

  async ready(): Promise<void> {
    await expect(this.list).toHaveAttribute("aria-busy", "false");
  }

  get list(): Locator {
    return this.page.getByRole("list", { name: `Weights of ${this.farm.name}` });
  }

  row(name: string): Locator {
    return this.list.getByRole("listitem", { name });
  }

  slider(name: string): Locator {
    return this.row(name).getByRole("slider");
  }

  box(name: string): Locator {
    return this.row(name).getByRole("textbox");
  }

  get dock(): Locator {
    return this.page.getByRole("region", { name: "Staged edits" });
  }

  /** The three stacked bars as one sentence each. */
  bar(which: "Observed" | "Running" | "Planned"): Locator {
    return this.page.getByRole("img", { name: new RegExp(`^${which}: `) });
  }

  async expectPlanned(shares: readonly (readonly [string, string])[]): Promise<void> {
    const words = shares.map(([name, pct]) => `${name} ${pct} percent`).join(", ");
    await expect(this.bar("Planned")).toHaveAccessibleName(`Planned: ${words}`);
  }

  async expectWeights(weights: Readonly<Record<string, number>>): Promise<void> {
    for (const [name, weight] of Object.entries(weights)) await expect(this.box(name)).toHaveValue(String(weight));
  }

  /** Apply, and wait until the page says it is done. */
  async applied(): Promise<void> {
    await expect(this.page.getByText(/^Applied as revision \d+$/).last()).toBeVisible();
    await expect(this.dock).toBeHidden();
  }

  /** The middle of the slider's thumb at a value, where the mouse reaches it. */
  async pointAt(name: string, value: number, max = 100): Promise<{ x: number; y: number }> {
    await this.slider(name).scrollIntoViewIfNeeded();
    const box = await this.slider(name).boundingBox();
    if (box === null) throw new Error(`no slider of ${name}`);
    const thumbPx = 16;
    return { x: box.x + thumbPx / 2 + ((box.width - thumbPx) * value) / max, y: box.y + box.height / 2 };
  }
}
