/** Notifications in a real browser: a receiver is added, tested, told of what happens, and removed. */
import { openReceiver } from "../server/notify/receiver.testing.ts";
import { expect, test } from "./fixtures.ts";

type Told = {
  readonly farm: { readonly name: string } | null;
  readonly events: readonly {
    readonly status: string;
    readonly backend: { readonly name: string } | null;
    /** none of what has no end: that clients were refused may be seen before the check sees it */
    readonly incident: string | null;
  }[];
};

/** Who refuses is down at once; nobody is because the machine is busy. */
const check = { type: "tcp", intervalMs: 500, timeoutMs: 5000, rise: 1, fall: 1 };

test("a webhook that is added and tested hears of a backend that dies and comes back, and is removed", async ({
  page,
  lab,
  makeTestFarm,
}) => {
  const receiver = await openReceiver(() => ({ status: 200, text: "thank you" }));
  await page.goto("/settings");
  const panel = page.getByRole("region", { name: "Notifications" });
  await panel.getByRole("button", { name: "Add target" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^Name/).fill("night shift");
  await dialog.getByLabel("Address").fill("ftp://nowhere");
  await dialog.getByLabel("Wait for more, seconds").fill("0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("An address like https://host/path is needed")).toBeVisible();
  await dialog.getByLabel("Address").fill(receiver.url);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await panel.getByRole("button", { name: "Send a test to night shift" }).click();
  await expect(panel.getByText(/night shift took the test after \d+ ms: 200 OK: thank you/)).toBeVisible();
  const { farm } = await makeTestFarm([50, 50], { healthCheck: check });
  const told = () =>
    receiver.received
      .map(({ body }) => JSON.parse(body) as Told)
      .filter((message) => message.farm?.name === farm.name)
      .flatMap(({ events }) => events)
      .filter(({ incident }) => incident !== null)
      .map(({ status, backend, incident }) => [status, backend?.name, incident]);
  await lab.setBackend("web-2", { isListening: false });
  try {
    await expect.poll(told, { intervals: [100] }).toEqual([["problem", "web-2", expect.any(String)]]);
  } finally {
    await lab.setBackend("web-2", { isListening: true });
  }
  const incident = told()[0]?.[2];
  await expect.poll(told, { intervals: [100] }).toEqual([
    ["problem", "web-2", incident],
    ["resolved", "web-2", incident],
  ]);
  await page.reload();
  const row = panel.getByRole("row", { name: /night shift/ });
  await expect(row).toContainText("Works");
  await expect(panel, "the address is not shown again").not.toContainText("secret-path");
  await row.getByRole("button", { name: "Actions for night shift" }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(panel.getByText("Nobody is told when something fails")).toBeVisible();
  await receiver.close();
});
