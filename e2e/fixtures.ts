/** What every test has: the lab's handle, a signed-in page whose console must stay quiet, and farms made for this test only. */
import { type APIRequestContext, type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import type { FarmView } from "../server/core/change/views.ts";
import type { Farm } from "../server/core/farm/types.ts";
import { FarmCalls, makeFarm } from "../server/lab/farm-calls.ts";
import { handle } from "../server/lab/open-lab.ts";
import { system } from "./system.ts";

type Lab = ReturnType<typeof handle>;

/** A farm made for one test, and what the server says of it now. */
type TestFarm = { readonly farm: Farm; readonly now: () => Promise<FarmView> };

type Fixtures = {
  /** makes a farm through the agent's socket, as the command line would; it is removed after the test */
  readonly makeTestFarm: (weights: readonly number[], more?: Readonly<Record<string, unknown>>) => Promise<TestFarm>;
  readonly lab: Lab;
  /** texts of the console that a test brings about on purpose */
  readonly expectedNoise: RegExp[];
  readonly quietConsole: undefined;
  /** what pages say while a test's farms are taken away under them is not the test's */
  readonly listening: { isOver: boolean };
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
  listening: async ({}, use) => use({ isOver: false }),
  makeTestFarm: async ({ request, listening }, use) => {
    const calls = new FarmCalls(system().agentSocket);
    const made: Farm[] = [];
    await use(async (weights, more = {}) => {
      const farm = labFarm(weights, more);
      await calls.put(farm);
      made.push(farm);
      const now = () => readView(request, farm.id);
      // web learns of it from the agent's journal
      await expect.poll(() => now().catch(() => null), { intervals: [50] }).not.toBeNull();
      return { farm, now };
    });
    listening.isOver = true;
    const left = new Set((await calls.farms()).map(({ id }) => id));
    for (const { id } of made) if (left.has(id)) await calls.remove(id);
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  expectedNoise: async ({}, use) => use([]),
  quietConsole: [
    async ({ context, expectedNoise, listening }, use) => {
      const said = listen(context, listening);
      await use(undefined);
      expectQuiet(said, expectedNoise);
    },
    { auto: true },
  ],
  otherPage: async ({ browser, expectedNoise, listening }, use) => {
    const context = await browser.newContext({ baseURL: system().origin, storageState: system().storageState });
    const said = listen(context, listening);
    await use(await context.newPage());
    expectQuiet(said, expectedNoise);
    await context.close();
  },
});

export { expect };

let farmsMade = 0;
/** beside the lab's own addresses, and above those of its clients (101 to 110) */
const firstAddress = 120;

/** One backend of the lab for each weight, behind an address of its own. */
function labFarm(weights: readonly number[], more: Readonly<Record<string, unknown>>): Farm {
  farmsMade += 1;
  return makeFarm({
    name: `e2e-${farmsMade}`,
    addresses: [`192.168.0.${firstAddress + (farmsMade % 80)}`],
    backends: weights.map((weight, index) => ({
      name: `web-${index + 1}`,
      address: `192.168.100.${10 + index}`,
      port: 80,
      weight,
    })),
    ...more,
  });
}

async function readView(request: APIRequestContext, farmId: string): Promise<FarmView> {
  const answer = await request.get(`/api/farms/${farmId}`);
  if (!answer.ok()) throw new Error(`farm ${farmId}: ${answer.status()}`);
  return (await answer.json()) as FarmView;
}

function expectQuiet(said: readonly string[], expected: readonly RegExp[]): void {
  expect(said.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
}

/** Errors of the console and of scripts, on every page of the browser. */
function listen(context: BrowserContext, listening: { readonly isOver: boolean }): string[] {
  const said: string[] = [];
  const hear = (text: string) => {
    if (!listening.isOver) said.push(text);
  };
  context.on("console", (message) => {
    // the browser's words about a failed request do not name it
    if (message.type() === "error") hear(`${message.text()} ${message.location().url}`);
  });
  context.on("weberror", (error) => hear(error.error().message));
  return said;
}
