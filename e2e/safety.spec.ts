import { renameSync } from "node:fs";
import { join } from "node:path";
import { type APIRequestContext, expect } from "@playwright/test";
import { actionIds, builtPaths, callAction, signedIn, stranger } from "./action-calls.ts";
import { test } from "./fixtures.ts";
import { system } from "./system.ts";

const password = "gates open at dawn 3";
const nowhere = "00000000-0000-4000-8000-000000000001";
const open = new Set([
  "/sign-in",
  "/setup",
  "/unavailable",
  "/api/health",
  "/_not-found",
  "/_global-error",
  "/icon.svg",
  "/favicon.ico",
]);

async function addPerson(admin: APIRequestContext, username: string, role: string): Promise<void> {
  const { value } = await callAction(admin, "createPersonAction", { name: username, username, password, role });
  expect(value).toEqual({ status: "ok" });
}

test("without signing in no page, part of a page, route or stream of the build gives anything away", async () => {
  const caller = await stranger();
  const variants: Record<string, string>[] = [
    {},
    { rsc: "1" },
    { rsc: "1", "next-router-prefetch": "1" },
    { "x-middleware-subrequest": "proxy:proxy:proxy:proxy:proxy" },
    { "x-forwarded-host": "evil.example" },
    { cookie: "sluice.session_token=forged.signature" },
  ];
  for (const path of builtPaths().filter((each) => !open.has(each)))
    for (const headers of variants) {
      // Next answers a part of a page only at a second address it redirects to
      const url = `${system().origin}${path}`;
      const read = await caller.get(url, { headers });
      const isPosted = read.status() === 405;
      const response = isPosted ? await caller.post(url, { headers: { origin: system().origin, ...headers } }) : read;
      const body = await response.text();
      const label = `${path} ${JSON.stringify(headers)}: ${response.status()} ${response.url()}`;
      if (path === "/api/auth/get-session") expect(body, label).toBe("null");
      else if (path.startsWith("/api/") || path === "/metrics") expect(response.status(), label).toBe(401);
      else
        expect(`${new URL(response.url()).pathname} ${body}`, label).toMatch(
          /^\/sign-in |NEXT_REDIRECT;replace;\/sign-in;/,
        );
      expect(body, label).not.toMatch(/192\.168\.|round-robin/);
    }
  for (const path of ["//farms", "/farms/", "/%66arms", "/./farms", "/farms;x", "/en/farms"]) {
    const response = await caller.get(`${system().origin}${path}`);
    expect(await response.text(), path).not.toMatch(/192\.168\./);
  }
});

test("without signing in no action of the build does anything", async () => {
  const caller = await stranger();
  const entering = new Set(["signInAction", "signOutAction", "setupAction"]);
  for (const name of actionIds().keys()) {
    const { value, status } = await callAction(caller, name, {});
    if (entering.has(name)) expect(status, name).toBe(200);
    else expect(value, name).toMatchObject({ status: "refused", code: "not-allowed", text: "Sign in first" });
  }
});

test("each role may do what its column says, by direct calls of every action", async ({ request, makeTestFarm }) => {
  await addPerson(request, "vera", "viewer");
  await addPerson(request, "otto", "operator");
  const { farm, now } = await makeTestFarm([100, 50]);
  const view = await now();
  const base = view.version;
  const farmId = farm.id;
  const [first] = farm.backends;
  const operations = [{ type: "set-enabled", base, farmId, enabled: false }];
  const inputs: Readonly<Record<string, { readonly input: unknown; readonly roles: string }>> = {
    previewAction: { input: { operations }, roles: "viewer operator admin" },
    saveFarmAction: { input: { farm: { ...farm, id: nowhere }, base: 7 }, roles: "operator admin" },
    removeFarmAction: { input: { farmId: nowhere, base: 7 }, roles: "operator admin" },
    saveListAction: { input: { list: { id: nowhere, name: "nobody" }, base: 7 }, roles: "operator admin" },
    removeListAction: { input: { listId: nowhere, base: 7 }, roles: "operator admin" },
    setEnabledAction: { input: { farmId: nowhere, base: 7, enabled: true }, roles: "operator admin" },
    setWeightsAction: {
      input: { farmId: nowhere, base: 7, weights: { [first?.id ?? ""]: 1 } },
      roles: "operator admin",
    },
    setAdminStateAction: {
      input: { farmId: nowhere, base: 7, states: { [first?.id ?? ""]: "drain" } },
      roles: "operator admin",
    },
    cutBackendAction: { input: { farmId: nowhere, base: 7, backendId: first?.id }, roles: "operator admin" },
    undoRevisionAction: { input: { epoch: 1, n: 999_999 }, roles: "operator admin" },
    previewRestoreAction: { input: { epoch: 1, n: 999_999, farmId }, roles: "viewer operator admin" },
    restoreFarmAction: { input: { epoch: 1, n: 999_999, farmId, base }, roles: "operator admin" },
    createPersonAction: { input: { name: "", username: "", password: "", role: "admin" }, roles: "admin" },
    setRoleAction: { input: { personId: nowhere, role: "viewer" }, roles: "admin" },
    setPasswordAction: { input: { personId: nowhere, password }, roles: "admin" },
    setOwnPasswordAction: { input: { current: "", password }, roles: "viewer operator admin" },
    claimBalancerAction: { input: undefined, roles: "admin" },
    saveTargetAction: { input: { kind: "webhook" }, roles: "admin" },
    removeTargetAction: { input: nowhere, roles: "admin" },
    testTargetAction: { input: nowhere, roles: "admin" },
    newMetricsTokenAction: { input: undefined, roles: "admin" },
    removePersonAction: { input: { personId: nowhere }, roles: "admin" },
  };
  const callers = {
    viewer: await signedIn("vera", password),
    operator: await signedIn("otto", password),
    admin: request,
  };
  const unlisted = [...actionIds().keys()].filter((name) => !Object.hasOwn(inputs, name));
  expect(unlisted.sort(), "an action without a row in this table").toEqual([
    "setupAction",
    "signInAction",
    "signOutAction",
  ]);
  for (const [name, { input, roles }] of Object.entries(inputs))
    for (const [role, caller] of Object.entries(callers)) {
      const { value } = await callAction(caller, name, input);
      const isRefusedByRole = (value as { code?: string } | null)?.code === "not-allowed";
      expect(isRefusedByRole, `${role} ${name} ${JSON.stringify(value)}`).toBe(!roles.split(" ").includes(role));
    }
  expect((await now()).version, "and nothing of it changed the farm").toBe(base);
  const blank = await (await callers.viewer.get(`${system().origin}/farms/new`)).text();
  expect(blank, "a reader gets no form that cannot be sent").toContain("An operator makes farms.");
  const noList = await (await callers.viewer.get(`${system().origin}/lists/new`)).text();
  expect(noList, "nor this one").toContain("An operator makes lists.");
});

test("a change that does not come from our own pages is refused", async ({ request, makeTestFarm }) => {
  const { farm, now } = await makeTestFarm([100, 50]);
  const { version } = await now();
  const input = { farmId: farm.id, base: version, enabled: false };
  for (const headers of [
    {},
    { origin: "null" },
    { origin: "http://evil.example" },
    { origin: `${system().origin}.evil.example` },
  ]) {
    const { value, status } = await callAction(request, "setEnabledAction", input, headers as Record<string, string>);
    expect(status >= 400 || (value as { code?: string }).code === "not-allowed", JSON.stringify(headers)).toBe(true);
  }
  // a form of another site, as a browser without scripts would send it
  const form = await request.post(`${system().origin}/sign-in`, {
    headers: { origin: "http://evil.example" },
    multipart: { [`$ACTION_ID_${actionIds().get("setEnabledAction")}`]: "", farmId: farm.id },
  });
  expect(form.status()).toBeGreaterThanOrEqual(400);
  expect((await now()).version).toBe(version);
});

test("while the database file is away pages say so in one sentence and a change is refused; then all is as before", async ({
  page,
  request,
  expectedNoise,
  makeTestFarm,
}) => {
  expectedNoise.push(/Failed to load resource/);
  const { farm, now } = await makeTestFarm([100, 50]);
  const { version } = await now();
  const sentence = "The database file is missing";
  const file = join(system().webData, "sluice.db");
  renameSync(file, `${file}.away`);
  try {
    await page.goto(`/farms/${farm.id}`);
    await expect(page.getByText(sentence)).toBeVisible();
    const read = await request.get(`/api/farms/${farm.id}`);
    expect([read.status(), await read.text()]).toEqual([503, expect.stringContaining(sentence)]);
    const { value } = await callAction(request, "setEnabledAction", { farmId: farm.id, base: version, enabled: false });
    expect(value).toMatchObject({ code: "storage", text: expect.stringContaining(sentence) });
    expect((await request.get("/api/health")).status()).toBe(503);
  } finally {
    renameSync(`${file}.away`, file);
  }
  await page.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeAttached();
  const after = await now();
  expect([after.version, after.farm.enabled]).toEqual([version, true]);
});

test("a body of 50 MB is refused in one sentence", async ({ request }) => {
  const { status, text } = await callAction(request, "saveFarmAction", {
    farm: "x".repeat(50 * 1024 * 1024),
    base: null,
  });
  expect([status, text]).toEqual([413, "One change has at most 1 MB; nothing was changed"]);
});

test("a session is dead at once after signing out, a new role, a new password, and removal", async ({ request }) => {
  const mayRead = async (caller: APIRequestContext) =>
    (await caller.get(`${system().origin}/api/farms/${nowhere}`)).status() !== 401;
  await addPerson(request, "temp", "viewer");
  const settings = await (await request.get(`${system().origin}/settings`)).text();
  const [, person = ""] = /\{([^{}]*"username":"temp"[^{}]*)\}/.exec(settings.replaceAll('\\"', '"')) ?? [];
  const personId = /"id":"([^"]+)"/.exec(person)?.[1];
  expect(personId).toBeDefined();
  const ends: [string, unknown][] = [
    ["setRoleAction", { personId, role: "operator" }],
    ["setPasswordAction", { personId, password }],
    ["removePersonAction", { personId }],
  ];
  const leaving = await signedIn("temp", password);
  const cookies = await leaving.storageState();
  expect(await mayRead(leaving)).toBe(true);
  await callAction(leaving, "signOutAction", {});
  const stolen = await stranger({ cookie: cookies.cookies.map(({ name, value }) => `${name}=${value}`).join("; ") });
  expect(await mayRead(stolen), "a cookie kept from before").toBe(false);
  for (const [name, input] of ends) {
    const caller = await signedIn("temp", password);
    expect(await mayRead(caller), name).toBe(true);
    expect((await callAction(request, name, input)).value).toEqual({ status: "ok" });
    expect(await mayRead(caller), name).toBe(false);
  }
});

test("what a page's script may ask about its session is who it is, never the session's token", async ({ request }) => {
  const { cookies } = await request.storageState();
  const [token = ""] = (cookies.find(({ name }) => name.endsWith("session_token"))?.value ?? "").split(".");
  expect(token.length).toBeGreaterThan(20);
  const response = await request.get(`${system().origin}/api/auth/get-session`);
  const text = await response.text();
  expect(Object.keys(JSON.parse(text) as object).sort()).toEqual(["id", "name", "role"]);
  expect(text).not.toContain(token);
  expect(response.headers()).toMatchObject({ "x-frame-options": "DENY", "x-content-type-options": "nosniff" });
});

test("guessing a password is locked, whatever address the guesser claims", async () => {
  const texts: string[] = [];
  for (let index = 0; index < 8; index++) {
    const caller = await stranger({ "x-forwarded-for": `10.9.8.${index}`, "x-sluice-peer": `10.9.9.${index}` });
    const { value } = await callAction(caller, "signInAction", { username: "Accepted", password: `guess ${index}` });
    texts.push((value as { text: string }).text);
  }
  expect(texts.slice(0, 5)).toEqual(Array(5).fill("Username or password is wrong"));
  for (const text of texts.slice(5)) expect(text).toMatch(/^Too many wrong passwords; try again in \d+ s$/);
});
