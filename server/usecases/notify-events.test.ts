/** Targets are told: real database, real receivers, a clock by hand. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { backendId, sampleFarm, uuid } from "../core/change/sample.testing.ts";
import type { PeopleOutcome } from "../core/change/views.ts";
import { defaultKinds, type TargetInput } from "../core/notify/target.ts";
import { ok } from "../core/result.ts";
import type { OpenDatabase } from "../db/database.ts";
import type { NewEvent } from "../db/repositories.ts";
import { temporaryDatabases } from "../db/temporary-database.testing.ts";
import { openReceiver, type Receiver } from "../notify/receiver.testing.ts";
import { loopback } from "../notify/sample-parcel.testing.ts";
import { send } from "../notify/send.ts";
import { readNotifications, removeTarget, saveTarget, testTarget } from "./notifications.ts";
import { createNotifier } from "./notify-events.ts";
import { admin, operator, viewer } from "./world.testing.ts";

vi.setConfig({ testTimeout: 60_000 });

const databases = temporaryDatabases();
const folder = mkdtempSync(join(tmpdir(), "sluice-notify-"));
const open: Receiver[] = [];
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  for (const receiver of open) await receiver.close();
  await databases.end();
  rmSync(folder, { recursive: true, force: true });
});

let path: string;
let database: OpenDatabase;
let clock: { ms: number };
let seq = 0;

beforeEach(async () => {
  path = databases.file();
  database = await databases.open(path);
  clock = { ms: 10_000_000 };
  const accepted = { epoch: 1, n: 1, uuid: uuid(1), actor: admin, peerUid: null, at: 1, digest: "", sentences: [] };
  const operations = [1, 2, 3].map((number) => {
    return { type: "put-farm" as const, base: null, farm: sampleFarm(number, [{}, {}], { tags: ["gold"] }) };
  });
  expect(await database.farms.accept({ ...accepted, operations })).toMatchObject({ ok: true });
});

function outside() {
  const deps = { database: async () => ok(database), nowMs: () => clock.ms, random: () => 0, log: () => {} };
  const parcel = { origin: "http://console.example", allowed: loopback, balancer: () => "lb-1" };
  const lease = { owner: `process ${seq++}`, leaseMs: 30_000 };
  return { ...deps, send, dataDir: folder, lease, parcel, newId: () => uuid(500 + seq++) };
}

async function receiver(...args: Parameters<typeof openReceiver>): Promise<Receiver> {
  const made = await openReceiver(...args);
  open.push(made);
  return made;
}

function webhook(name: string, url: string, more: Partial<TargetInput> = {}): TargetInput {
  const filter = { kinds: [...defaultKinds], farmIds: [], tags: [] };
  const settings = { kind: "webhook", origin: "" } as const;
  return { id: null, name, settings, secrets: { url }, filter, isEnabled: true, groupS: 0, repeatS: null, ...more };
}

async function saved(input: TargetInput): Promise<string> {
  expect(await saveTarget(admin, input, outside())).toEqual({ status: "ok" });
  const view = await readNotifications(admin, outside());
  const id = view.ok ? view.value.targets.find(({ name }) => name === input.name)?.id : undefined;
  if (id === undefined) throw new Error("it is kept");
  return id;
}

function down(farm: number, kind: NewEvent["kind"] = "down"): NewEvent {
  seq += 1;
  const about = { farmId: uuid(farm), backendId: backendId(farm, 0), text: `web-1 of farm ${farm} is ${kind}` };
  return { bootId: "boot", seq, at: clock.ms, kind, by: null, ...about };
}

const happens = async (...events: readonly NewEvent[]) =>
  expect(await database.events.append(events)).toEqual(ok(null));
const keysOf = ({ received }: Receiver) => received.map(({ body }) => (JSON.parse(body) as { key: string }).key);
const titlesOf = ({ received }: Receiver) => received.map(({ body }) => (JSON.parse(body) as { title: string }).title);

describe("telling", () => {
  test("a receiver that is down hears everything later, in order; another one does not wait for it", async () => {
    let isDown = true;
    const good = await receiver();
    const bad = await receiver(() => ({ status: isDown ? 503 : 200 }));
    await saved(webhook("good", good.url));
    await saved(webhook("bad", bad.url));
    const notifier = createNotifier(outside());
    await happens(down(1));
    await notifier.run();
    expect(titlesOf(good)).toEqual(["farm-1: web-1 of farm 1 is down"]);
    clock.ms += 500;
    await notifier.run();
    expect(bad.received, "it is let alone for a while").toHaveLength(1);
    await happens(down(1, "up"), down(2));
    clock.ms += 1000;
    await notifier.run();
    expect(bad.received).toHaveLength(2);
    const view = await readNotifications(viewer, outside());
    const waits = view.ok ? view.value.targets.find(({ name }) => name === "bad") : undefined;
    expect(waits).toMatchObject({
      waiting: { events: 3, oldestAt: 10_000_000 },
      delivery: { attempts: 2, lastError: "It answers 503 Service Unavailable" },
    });
    isDown = false;
    clock.ms += 3600_000;
    for (let round = 0; round < 3; round++) await notifier.run();
    expect(titlesOf(bad).slice(2)).toEqual(titlesOf(good));
    const after = await readNotifications(viewer, outside());
    expect(
      after.ok ? after.value.targets.map(({ waiting, delivery }) => [waiting.events, delivery.attempts]) : [],
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("a receiver that failed is tried again soon also after the clock was set back", async () => {
    let isDown = true;
    const hook = await receiver(() => ({ status: isDown ? 500 : 200 }));
    await saved(webhook("hook", hook.url));
    const notifier = createNotifier(outside());
    clock.ms += 365 * 24 * 3600_000;
    await happens(down(1));
    await notifier.run();
    isDown = false;
    clock.ms = 10_000_000;
    await notifier.run();
    expect(hook.received).toHaveLength(2);
  });

  test("of a receiver that stays dead the others are told, once, and of its return", async () => {
    let isDown = true;
    const good = await receiver();
    const bad = await receiver(() => ({ status: isDown ? 500 : 200 }));
    await saved(webhook("good", good.url));
    await saved(webhook("bad", bad.url, { filter: { kinds: ["down"], farmIds: [], tags: [] } }));
    const notifier = createNotifier(outside());
    await happens(down(1));
    const hours = async (count: number) => {
      for (let hour = 0; hour < count; hour++) {
        clock.ms += 3600_000;
        await notifier.run();
      }
    };
    await hours(12);
    isDown = false;
    await hours(3);
    expect(titlesOf(good).slice(1)).toEqual([
      "Balancer: bad takes no notifications: It answers 500 Internal Server Error",
      "Balancer: bad takes notifications again",
    ]);
  });

  test("kill -9 between a message and its cursor repeats that one message, and loses none", async () => {
    let child = start();
    let kills = 1;
    const killer = await receiver(({ body }) => {
      // taken, but the process does not live to write that down
      if (body.includes("farm-2") && kills-- > 0) {
        child.kill("SIGKILL");
        return null;
      }
      return { status: 200 };
    });
    await saved(webhook("pager", killer.url));
    await happens(down(1), down(2), down(3));
    await once(child, "exit");
    child = start();
    await vi.waitFor(() => expect(new Set(keysOf(killer)).size).toBe(3), { timeout: 20_000 });
    const view = await vi.waitFor(async () => {
      const read = await readNotifications(admin, outside());
      expect(read.ok ? read.value.targets[0]?.waiting.events : -1).toBe(0);
      return read;
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(titlesOf(killer).map((title) => title.slice(0, 6))).toEqual(["farm-1", "farm-2", "farm-2", "farm-3"]);
    expect(new Set(keysOf(killer)).size).toBe(3);
    expect(view.ok ? view.value.untold : null).toEqual([]);
    function start() {
      const script = join(import.meta.dirname, "notify-loop.testing.ts");
      const words = ["--import", "tsx", script, path, folder];
      const started = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
      children.push(started);
      return started;
    }
  });

  test("of two web processes one tells, also while its message is under way; when it ends the other goes on, and nothing is told twice", async () => {
    const answers: (() => void)[] = [];
    let isSlow = false;
    const pager = await receiver(async () => {
      if (isSlow) await new Promise<void>((resolve) => answers.push(resolve));
      return { status: 200 };
    });
    await saved(webhook("pager", pager.url));
    const [one, other] = [createNotifier(outside()), createNotifier(outside())];
    await happens(down(1));
    await Promise.all([one.run(), other.run()]);
    expect(titlesOf(pager).map((title) => title.slice(0, 6))).toEqual(["farm-1"]);
    isSlow = true;
    clock.ms += 10_000;
    await happens(down(2));
    const telling = one.run();
    await vi.waitFor(() => expect(answers).toHaveLength(1), { timeout: 20_000 });
    for (let second = 0; second < 50; second++) {
      clock.ms += 1000;
      await Promise.all([one.run(), other.run()]);
    }
    expect(pager.received).toHaveLength(2);
    isSlow = false;
    for (const answer of answers) answer();
    await telling;
    await happens(down(3));
    await other.run();
    expect(pager.received, "the first may be alive").toHaveLength(2);
    clock.ms += 31_000;
    await Promise.all([other.run(), other.run()]);
    expect(titlesOf(pager).map((title) => title.slice(0, 6))).toEqual(["farm-1", "farm-2", "farm-3"]);
    await one.run();
    expect(pager.received).toHaveLength(3);
  });

  test("what nobody was told of is named with the reason, and what was silent is not", async () => {
    const { url } = await receiver();
    await happens(down(1));
    const first = await readNotifications(viewer, outside());
    expect(first.ok ? first.value.untold.map(({ why }) => why) : []).toEqual(["no target is enabled"]);
    const id = await saved(webhook("gold", url, { filter: { kinds: ["up"], farmIds: [], tags: ["gold"] } }));
    const second = await readNotifications(viewer, outside());
    expect(second.ok ? second.value.untold[0]?.why : "").toBe("no enabled target asks for it");
    const gold = webhook("gold", url, { id, secrets: {}, filter: { kinds: ["down"], farmIds: [], tags: ["gold"] } });
    await saved(gold);
    const third = await readNotifications(viewer, outside());
    expect(third.ok ? third.value.untold[0]?.why : "").toBe("it happened before gold was set up or enabled");
    await happens(down(2));
    const fourth = await readNotifications(viewer, outside());
    expect(fourth.ok ? fourth.value.untold[0] : null).toMatchObject({
      why: "waits for gold",
      event: { farmName: "farm-2" },
    });
    await createNotifier(outside()).run();
    const last = await readNotifications(viewer, outside());
    expect(last.ok ? last.value.untold.map(({ event }) => event.farmName) : []).toEqual(["farm-1"]);
  });
});

describe("a target", () => {
  test("its secrets are sealed in the database and never read out; the key is for its owner only", async () => {
    const { url } = await receiver();
    await saved(webhook("pager", url, { secrets: { url, bearer: "s3cret-token" } }));
    const view = await readNotifications(admin, outside());
    expect(JSON.stringify(view)).not.toMatch(/secret-path|s3cret-token/);
    expect(view).toMatchObject({
      value: { targets: [{ has: ["url", "bearer"], settings: { origin: new URL(url).origin } }] },
    });
    await database.close();
    expect(readFileSync(path, "latin1")).not.toMatch(/secret-path|s3cret-token/);
    expect(statSync(join(folder, "notify-key")).mode & 0o777).toBe(0o600);
  });

  test("a test says what was answered; secrets stay when they are not typed, and go when the place is another", async () => {
    const one = await receiver(({ headers }) => ({ status: headers.authorization === "Bearer t0ken" ? 200 : 401 }));
    const other = await receiver(({ headers }) => ({ status: headers.authorization === undefined ? 200 : 500 }));
    const id = await saved(webhook("pager", one.url, { secrets: { url: one.url, bearer: "t0ken" } }));
    await saved(webhook("pager", "", { id, secrets: {}, groupS: 5 }));
    expect(await testTarget(admin, id, outside())).toMatchObject({ value: { isTaken: true, text: "200 OK" } });
    await saved(webhook("pager", "", { id, secrets: { url: other.url } }));
    expect(await testTarget(admin, id, outside())).toMatchObject({ value: { isTaken: true } });
    await other.close();
    open.splice(open.indexOf(other), 1);
    expect(await testTarget(admin, id, outside())).toMatchObject({
      value: { isTaken: false, text: "127.0.0.1: the connection was refused" },
    });
    expect(await removeTarget(admin, id, outside())).toEqual({ status: "ok" });
    expect(await testTarget(admin, id, outside())).toMatchObject({ error: { code: "not-found" } });
  });

  test("only administrators change and test; what is wrong is told at its field", async () => {
    const refused = { status: "refused", code: "not-allowed" };
    for (const actor of [viewer, operator]) {
      expect(await saveTarget(actor, webhook("x", "http://h/"), outside())).toMatchObject(refused);
      expect(await removeTarget(actor, "x", outside())).toMatchObject(refused);
      expect(await testTarget(actor, "x", outside())).toMatchObject({ error: { code: "not-allowed" } });
    }
    const fields = async (input: unknown) => fieldsOf(await saveTarget(admin, input, outside()));
    expect(await fields(webhook("x", "ftp://host/x"))).toEqual(["secrets.url"]);
    expect(await fields(webhook("x", "https://user:pass@host/x"))).toEqual(["secrets.url"]);
    expect(await fields({ ...webhook("", "https://h/"), groupS: -1 })).toEqual(["name", "groupS"]);
    const mail = { kind: "smtp", host: "m x", port: 0, security: "tls", user: "", from: "a\r\nb@c", to: ["x,y@z"] };
    expect(await fields({ ...webhook("x", ""), settings: mail })).toEqual([
      ...["settings.host", "settings.port", "settings.from", "settings.to.0"],
    ]);
  });
});

function fieldsOf(outcome: PeopleOutcome): string[] {
  return outcome.status === "field-errors" ? Object.keys(outcome.fieldErrors) : [];
}
