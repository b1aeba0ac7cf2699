/** What every test has: the lab's handle, a signed-in page whose console must stay quiet, and farms made for this test only. */
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { handle } from "../server/lab/open-lab.ts";
import { system } from "./system.ts";

export type Lab = ReturnType<typeof handle>;

type Fixtures = {
  readonly lab: Lab;
  /** texts of the console that a test brings about on purpose */
  readonly expectedNoise: RegExp[];
  readonly quietConsole: undefined;
  /** a second browser, signed in as well */
  readonly otherPage: Page;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  baseURL: async ({}, use) => use(system().origin),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  storageState: async ({}, use) => use(system().storageState),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  lab: async ({}, use) => use(handle(system().labSocket)),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  expectedNoise: async ({}, use) => use([]),
  quietConsole: [
    async ({ context, expectedNoise }, use) => {
      const said = listen(context);
      await use(undefined);
      expect(said.filter((text) => !expectedNoise.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  otherPage: async ({ browser }, use) => {
    const context = await browser.newContext({ baseURL: system().origin, storageState: system().storageState });
    await use(await context.newPage());
    await context.close();
  },
});

export { expect };

/** Errors of the console and of scripts, on every page of the browser. */
function listen(context: BrowserContext): string[] {
  const said: string[] = [];
  context.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
  context.on("weberror", (error) => said.push(error.error().message));
  return said;
}
