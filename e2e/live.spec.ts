import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";
import { revisionLink } from "./range-events.ts";

const seedFarm = { id: "5a6b7c10-0000-4000-8000-000000000002", name: "weighted" };
/** at least three samples have come since the drawing was held */
const heldLong = /Held \+([3-9]|\d{2,}) new/;

test("a held chart keeps its tooltip and numbers through live refreshes; pause stops all, resume catches up", async ({
  page,
}) => {
  await page.goto(`/farms/${seedFarm.id}`);
  const chart = page.getByRole("figure", { name: "New connections" });
  const plot = chart.getByRole("slider");
  await expect(chart.locator("svg.recharts-surface").first()).toBeVisible();
  await plot.hover();
  const tip = chart.locator("[data-tip]");
  await expect(tip).toBeVisible();
  const held = await tip.textContent();
  await expect(chart).toContainText(heldLong);
  expect(await tip.textContent()).toBe(held);
  await page.mouse.move(0, 0);
  await expect(chart).not.toContainText("Held");

  await page.getByRole("button", { name: /^Pause/ }).click();
  await expect(page.getByText(heldLong).first()).toBeVisible();
  const count = await page.getByRole("figure").count();
  await expect(page.getByText(/^Held/)).toHaveCount(count);
  await page.getByRole("button", { name: /^Resume/ }).click();
  await expect(page.getByText(/^Held/)).toHaveCount(0);
});

test("the moment of an apply is marked on every chart of the farm, and its mark leads to the change", async ({
  page,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([100, 50]);
  const board = await new Board(page, farm).open();
  await board.box("web-1").fill("50");
  await board.dock.getByRole("button", { name: "Apply" }).click();
  await board.applied();
  const { version } = await now();
  await page.getByRole("link", { name: "Live", exact: true }).click();
  const charts = page.getByRole("figure");
  await expect(charts).toHaveCount(5);
  for (const chart of await charts.all()) await expect(chart.locator("svg.lucide-clock").first()).toBeVisible();
  const link = await revisionLink(page, version);
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/farms/${farm.id}/history#revision-${version}$`));
  await expect(page.getByText("web-1 weight 100 to 50").first()).toBeVisible();
});

test("with few connections the observed share says not enough yet, then enters the planned band", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const { farm } = await makeTestFarm([80, 20]);
  const address = farm.addresses[0] ?? "";
  // the lab's own clients ask every farm, and on a slow machine they are enough before the page is there
  await expect.poll(async () => (await lab.connect({ address, port: 80, count: 1 })).failed).toBe(0);
  await lab.setTraffic(false);
  try {
    const board = await new Board(page, farm).open();
    await expect(board.row("web-1")).toContainText("not enough yet");
    await expect(board.row("web-1")).not.toContainText("out of band");
    // what comes before the second reading of its counters belongs to no share; who has a connect time was read before
    await expect(board.row("web-1")).toContainText("connects in");
    await lab.connect({ address, port: 80, count: 900, concurrency: 16 });
    await expect(board.row("web-1")).toContainText(/± \d+\.\d, in band/);
    await expect(board.row("web-2")).toContainText(/± \d+\.\d, in band/);
  } finally {
    await lab.setTraffic(true);
  }
});

test("an agent that is gone greys everything with its age and blocks applying; its return fills in without a false spike", async ({
  page,
  otherPage,
  lab,
  expectedNoise,
  makeTestFarm,
}) => {
  expectedNoise.push(/Failed to load resource/);
  const { farm, now } = await makeTestFarm([100, 50]);
  await otherPage.goto(`/farms/${farm.id}`);
  const rates = otherPage.getByRole("figure", { name: "New connections" });
  await expect(rates.locator("path.recharts-area-area").first()).toBeAttached();
  const board = await new Board(page, farm).open();
  await lab.process("agent", "kill");
  try {
    await expect(page.getByRole("banner").getByText(/^Agent lost/)).toBeVisible();
    await expect(page.getByText(/has not answered for \d+ s/)).toBeVisible();
    await expect(board.row("web-1")).toContainText(/Unknown\s*was Not checked/);
    expect(await page.locator("[data-glyph='up']").count(), "nothing stays green that is not known").toBe(0);
    await board.box("web-1").fill("50");
    await expect(board.dock).toContainText("1 edit staged");
    await expect(board.dock.getByRole("button", { name: /^Apply/ })).toHaveAttribute("aria-disabled", "true");
    await expect(board.dock).toContainText("The agent does not answer");
    await otherPage.bringToFront();
    await expect(rates.locator('[fill*="gap)"]').first(), "the gap is hatched").toBeAttached({ timeout: 25_000 });
    await page.bringToFront();
  } finally {
    await lab.process("agent", "start");
  }
  await expect(page.getByText("Live values")).toBeAttached({ timeout: 20_000 });
  await board.dock.getByRole("button", { name: /^Apply/ }).click();
  await board.applied();
  expect((await now()).farm.backends[0]?.weight).toBe(50);
  const series = await (await page.request.get(`/api/series?farm=${farm.id}&rangeS=300`)).json();
  const known: (number | null)[] = series.backends[0].newPerS;
  expect(known, "missing seconds are null").toContain(null);
  expect(known.every((rate) => rate === null || (rate >= 0 && rate < 1000))).toBe(true);
});

test("with seven tabs open the eighth page loads, and live values reach all of them", async ({ page, context }) => {
  const tabs = await Promise.all(Array.from({ length: 7 }, () => context.newPage()));
  for (const tab of tabs) await tab.goto("/farms");
  await page.goto(`/farms/${seedFarm.id}`);
  for (const tab of [page, ...tabs]) await expect(tab.getByText("Live values")).toBeAttached();
});

test("a backend that refuses connections is taken out by its check, named on the overview, in the farm's head and in its row, and the table fits", async ({
  page,
  lab,
}) => {
  const reason = "Only one backend takes new connections: web-1 is down";
  await lab.setBackend("web-1", { isListening: false });
  try {
    await page.goto("/");
    // after three failed checks
    await expect(page.getByRole("listitem").filter({ hasText: reason }).first()).toContainText("Open farm");
    await expect(page.getByText("takes new connections as planned")).toHaveCount(0);
    await page.goto(`/farms/${seedFarm.id}`);
    await expect(page.getByText(`1 of 2 serving. ${reason}`)).toBeVisible();
    const table = page.getByRole("region", { name: `Backends of ${seedFarm.name}` });
    await expect(table.getByRole("row", { name: /web-1/ })).toContainText(/connection refused, last \d+ checks/);
    const actions = table.getByRole("button", { name: "Actions for web-1" });
    // how far the table reaches beyond its box, its last column beyond the table, and the box beyond the window
    const beyond = () =>
      actions.evaluate((button) => {
        const box = button.closest("section") ?? button;
        const right = (element: Element) => element.getBoundingClientRect().right;
        const window = document.documentElement.clientWidth;
        return Math.max(box.scrollWidth - box.clientWidth, right(button) - right(box), right(box) - window);
      });
    for (const width of [1440, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(beyond, { message: `nothing is cut at ${width} px`, intervals: [50] }).toBeLessThanOrEqual(0);
    }
  } finally {
    await lab.setBackend("web-1", { isListening: true });
  }
});
