import { Board } from "./board.ts";
import { expect, test } from "./fixtures.ts";
import { formReady, openForm } from "./form.ts";

test("a farm with two backends is created in the browser and its traffic is seen", async ({
  page,
  request,
  lab,
  expectedNoise,
}) => {
  // the page of the farm may ask for itself once more while it is being deleted; a farm just made has charts without an error
  expectedNoise.push(/404.*\/farms\/[0-9a-f-]{36}/);
  await openForm(page, "/farms/new");
  await page.getByLabel(/^Name/).first().fill("journey");
  await page.getByRole("textbox", { name: "Address 1" }).fill("192.168.0.200");
  for (const [index, name] of ["web-1", "web-2"].entries()) {
    const backend = page.getByRole("region", { name: "Backends" }).getByRole("listitem").nth(index);
    await backend.getByLabel("Name").fill(name);
    await backend.getByLabel("Address").fill(`192.168.100.${10 + index}`);
  }
  await page.getByRole("button", { name: "Review and create" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("New farm journey answers at 192.168.0.200");
  await expect(review).toContainText("Kernel check passed");
  await review.getByRole("button", { name: "Create farm" }).click();
  await page.waitForURL(/\/farms\/[0-9a-f-]{36}$/);
  await expect(page.getByRole("heading", { name: "journey" })).toBeVisible();
  // the lab's clients begin to ask for the new address by themselves
  const row = page.getByRole("row", { name: /web-1/ });
  await expect(row).toContainText(/[1-9][0-9]*\.[0-9]/, { timeout: 20_000 });
  const report = await lab.connect({ address: "192.168.0.200", port: 80, count: 10 });
  expect(report.failed).toBe(0);
  expect(Object.keys(report.answered).sort()).toEqual(["web-1", "web-2"]);

  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  await openForm(page, `/farms/${id}/settings`);
  await page.getByRole("button", { name: "Delete journey" }).click();
  await page.getByRole("dialog").getByLabel("Type journey to go on").fill("journey");
  await page.getByRole("dialog").getByRole("button", { name: "Delete journey" }).click();
  await page.waitForURL(/\/farms$/);
  expect((await request.get(`/api/farms/${id}`)).status()).toBe(404);
});

test("bad input is refused at its field, in words, and nothing is made", async ({ page, request, makeTestFarm }) => {
  const { farm } = await makeTestFarm([50]);
  await openForm(page, "/farms/new");
  const backends = page.getByRole("region", { name: "Backends" }).getByRole("listitem");
  const fields = {
    name: page.getByLabel(/^Name/).first(),
    address: page.getByRole("textbox", { name: "Address 1" }),
    ports: page.getByLabel("Ports"),
    backendName: backends.nth(0).getByLabel("Name"),
    backendAddress: backends.nth(0).getByLabel("Address"),
    backendPort: backends.nth(0).getByLabel("Port", { exact: true }),
    weight: backends.nth(0).getByLabel("Weight"),
  };
  await backends
    .nth(1)
    .getByRole("button", { name: /^Remove/ })
    .click();
  const good = {
    name: "e2e-bad",
    address: "192.168.0.201",
    ports: "80",
    backendName: "web-1",
    backendAddress: "192.168.100.10",
    backendPort: "80",
    weight: "100",
  };
  for (const [key, text] of Object.entries(good)) await fields[key as keyof typeof fields].fill(text);
  const cases: readonly (readonly [keyof typeof fields, string, RegExp])[] = [
    ["name", 'x"; flush ruleset', /lower-case letters/],
    ["name", "ü", /lower-case letters/],
    ["name", "a".repeat(300), /at most 63/],
    ["address", "example.org", /names are not resolved/],
    ["address", "::ffff:10.0.0.1", /IPv4-mapped/],
    ["address", "127.0.0.1", /loopback/],
    ["address", "224.0.0.1", /multicast/],
    ["address", "0.0.0.0", /not an address of a host/],
    ["ports", "0", /outside 1 to 65,535/],
    ["ports", "65536", /outside 1 to 65,535/],
    ["ports", "http", /not a port/],
    ["ports", "90-80", /reversed/],
    ["ports", "", /At least one port/],
    ["backendAddress", "fd00::1", /IPv6/],
    ["backendPort", "0", /whole number from 1 to 65,535/],
    ["weight", "-1", /whole number from 0 to 1,000/],
    ["weight", "1001", /whole number from 0 to 1,000/],
    ["weight", "1.5", /whole number from 0 to 1,000/],
  ];
  for (const [key, text, words] of cases) {
    await fields[key].fill(text);
    await page.getByRole("button", { name: "Review and create" }).click();
    await expect(fields[key], `${key} "${text.slice(0, 20)}"`).toHaveAttribute("aria-invalid", "true");
    await expect(fields[key]).toHaveAccessibleDescription(words);
    await expect(page.getByRole("dialog")).toBeHidden();
    await fields[key].fill(good[key]);
  }
  await fields.name.fill("ü");
  await fields.address.fill("example.org");
  await page.getByRole("button", { name: "Review and create" }).click();
  await expect(fields.name, "the first that is wrong").toBeFocused();
  await expect(fields.address).toHaveAttribute("aria-invalid", "true");
  const ring = (key: "name" | "address") => fields[key].evaluate((field) => getComputedStyle(field).boxShadow);
  expect(await ring("name"), "a wrong field shows its focus too").not.toBe(await ring("address"));
  await fields.address.fill(good.address);
  // only the server knows the other farms: their names and addresses
  await fields.name.fill(farm.name);
  await page.getByRole("button", { name: "Review and create" }).click();
  await expect(fields.name).toHaveAccessibleDescription(new RegExp(farm.name));
  await fields.name.fill(good.name);
  await fields.address.fill(farm.addresses[0] ?? "");
  await page.getByRole("button", { name: "Review and create" }).click();
  await expect(page.getByText(new RegExp(`${farm.name}`)).first()).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  expect((await (await request.get("/farms")).text()).includes("e2e-bad")).toBe(false);
});

test("unsaved settings survive a reload, and discarding them restores the farm", async ({ page, makeTestFarm }) => {
  const { farm } = await makeTestFarm([50, 50]);
  await openForm(page, `/farms/${farm.id}/settings`);
  await page.getByLabel("Notes").fill("half a thought");
  await page.reload();
  await formReady(page);
  await expect(page.getByLabel("Notes")).toHaveValue("half a thought");
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByLabel("Notes")).toHaveValue("");
  await page.reload();
  await formReady(page);
  await expect(page.getByLabel("Notes")).toHaveValue("");
});

test("settings are reviewed, applied as one revision, and undone as a new one", async ({ page, makeTestFarm }) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  const before = (await now()).farm;
  await openForm(page, `/farms/${farm.id}/settings`);
  await page.getByLabel("Scheduler").selectOption("random");
  await expect(page.getByText("New connections only: open ones stay with their backend.")).toBeVisible();
  await page.getByRole("button", { name: "Add backend" }).click();
  const added = page.getByRole("listitem", { name: "web-3" });
  await added.getByLabel("Address").fill("192.168.100.12");
  await page.getByRole("button", { name: "Review and save" }).click();
  const review = page.getByRole("dialog");
  await expect(review).toContainText("web-3 is added");
  await review.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText(/^Applied as revision/)).toBeVisible();
  expect((await now()).farm).toMatchObject({ scheduler: "random" });
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(page.getByText(/^Undone by revision/)).toBeVisible();
  await expect(page.getByRole("main"), "the message with the button is gone: the focus is not").toBeFocused();
  expect((await now()).farm).toEqual(before);
  await expect(page.getByLabel("Scheduler")).toHaveValue("weighted");
});

test("a duplicate begins with everything but the address, and never shares a backend's identity", async ({
  page,
  expectedNoise,
  makeTestFarm,
}) => {
  // undoing the copy takes its page and its charts away while they are open
  expectedNoise.push(/404.*\/(farms\/|api\/series\?farm=)[0-9a-f-]{36}/);
  const { farm } = await makeTestFarm([70, 30], { notes: "the original", scheduler: "random" });
  await openForm(page, `/farms/${farm.id}/settings`);
  await page.getByRole("link", { name: `Duplicate ${farm.name}` }).click();
  await expect(page.getByRole("heading", { name: `Copy of ${farm.name}` })).toBeVisible();
  await formReady(page);
  await expect(page.getByLabel(/^Name/).first()).toHaveValue(`${farm.name}-copy`);
  await expect(page.getByLabel("Notes")).toHaveValue("the original");
  await expect(page.getByLabel("Scheduler")).toHaveValue("random");
  await expect(page.getByRole("listitem", { name: "web-1" }).getByLabel("Weight")).toHaveValue("70");
  await expect(page.getByRole("textbox", { name: "Address 1" })).toHaveValue("");
  await page.getByRole("textbox", { name: "Address 1" }).fill("192.168.0.202");
  await page.getByRole("button", { name: "Review and create" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Create farm" }).click();
  await page.waitForURL(/\/farms\/[0-9a-f-]{36}$/);
  const id = new URL(page.url()).pathname.split("/")[2] ?? "";
  const copy = (await (await page.request.get(`/api/farms/${id}`)).json()).farm;
  expect(copy.backends.map((backend: { weight: number }) => backend.weight)).toEqual([70, 30]);
  const ids = farm.backends.map((backend) => backend.id);
  expect(copy.backends.every((backend: { id: string }) => !ids.includes(backend.id))).toBe(true);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(/^Undone by revision/)).toBeVisible();
});

test("the history walks back step by step to the first state, each step a new revision that is looked at first", async ({
  page,
  makeTestFarm,
}) => {
  const { farm, now } = await makeTestFarm([50, 50]);
  const first = await now();
  await openForm(page, `/farms/${farm.id}/settings`);
  for (const scheduler of ["random", "round-robin"]) {
    await page.getByLabel("Scheduler").selectOption(scheduler);
    await page.getByRole("button", { name: "Review and save" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
    await expect.poll(async () => (await now()).farm.scheduler).toBe(scheduler);
    await expect(page.getByRole("dialog")).toBeHidden();
  }
  // of the two changes only the newer one may still be undone from a message
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toHaveCount(1);
  const newest = await now();
  await page.goto(`/farms/${farm.id}/history`);
  await expect(page.getByRole("button", { name: /^Undo revision/ })).toHaveCount(1);
  for (const [version, scheduler] of [
    [newest.version - 1, "random"],
    [first.version, "weighted"],
  ] as const) {
    await page.getByRole("button", { name: `Restore the farm as after revision ${version}`, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText(`to ${scheduler}`);
    await dialog.getByRole("button", { name: "Restore" }).click();
    await expect(page.getByText(`Restored as after revision ${version}`)).toBeVisible();
    await expect(page.getByRole("dialog")).toBeHidden();
    expect((await now()).farm.scheduler).toBe(scheduler);
  }
  expect((await now()).farm).toEqual(first.farm);
});

test("a restore after which no backend serves asks for the farm's name first", async ({ page, makeTestFarm }) => {
  const { farm, now } = await makeTestFarm([0, 0]);
  const first = await now();
  const board = await new Board(page, farm).open();
  await board.box("web-1").fill("50");
  await board.dock.getByRole("button", { name: "Apply" }).click();
  await board.applied();
  await page.goto(`/farms/${farm.id}/history`);
  const restore = `Restore the farm as after revision ${first.version}`;
  await page.getByRole("button", { name: restore, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("After this no backend takes new connections.");
  await expect(dialog.getByRole("button", { name: "Restore" })).toHaveAttribute("aria-disabled", "true");
  await dialog.getByLabel(`Type ${farm.name} to go on`).fill(farm.name);
  await dialog.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText(`Restored as after revision ${first.version}`)).toBeVisible();
  expect((await now()).farm).toEqual(first.farm);
});
