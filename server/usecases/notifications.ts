/** Who is told of events: read by everybody, changed and tested by administrators. Secrets are never read out. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Actor } from "../auth/actor.ts";
import type { PeopleOutcome } from "../core/change/views.ts";
import type { LoggedEvent, Notice } from "../core/notify/notice.ts";
import { isMeantFor } from "../core/notify/relevance.ts";
import {
  importantKinds,
  secretNames,
  type Target,
  type TargetInput,
  type TargetView,
  targetInputSchema,
  targetsMax,
} from "../core/notify/target.ts";
import { type Untold, untold } from "../core/notify/untold.ts";
import { fail, invalid, ok, type Result } from "../core/result.ts";
import type { Database } from "../db/repositories.ts";
import { send } from "../notify/send.ts";
import { webEnv } from "../platform/web-env.ts";
import type { Deps } from "./deps.ts";
import { farmsById } from "./farms-by-id.ts";
import type { NotifyDeps } from "./notify-events.ts";
import { ownEvent } from "./own-event.ts";
import { refused } from "./people.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";
import { sealedWith, secretsOf } from "./target-secrets.ts";

export type NotificationsView = { readonly targets: readonly TargetView[]; readonly untold: readonly Untold[] };

const countedMax = 1000;
const untoldMax = 10;
const untoldMs = 7 * 24 * 3600_000;

/** a message takes a few seconds at the most; a web process that died is followed by another after this */
const leaseMs = 30_000;

type Outside = NotifyDeps & Pick<Deps, "newId">;

/** The real outside of notifications. */
export function notifyRuntime(deps: Deps = runtime()): Outside {
  const { origins, dataDir, notifyNetworks } = webEnv();
  const parcel = { origin: origins[0] ?? "", allowed: notifyNetworks, balancer: hostname };
  const lease = { owner: randomUUID(), leaseMs };
  return { ...deps, send, random: Math.random, dataDir, lease, parcel, newId: randomUUID };
}

export async function readNotifications(
  actor: Actor,
  outside: Outside = notifyRuntime(),
): Promise<Result<NotificationsView>> {
  const permitted = permit(actor, "read-notifications");
  if (!permitted.ok) return permitted;
  const database = await outside.database();
  if (!database.ok) return database;
  const targets = await database.value.notifications.targets();
  if (!targets.ok) return targets;
  const views: TargetView[] = [];
  for (const target of targets.value) {
    const view = await viewOf(target, database.value, outside.dataDir);
    if (!view.ok) return view;
    views.push(view.value);
  }
  const query = { kinds: importantKinds, sinceMs: outside.nowMs() - untoldMs, limit: untoldMax };
  const events = await database.value.notifications.untold(query);
  if (!events.ok) return events;
  const farmOf = await farmsById(database.value, events.value);
  if (!farmOf.ok) return farmOf;
  return ok({ targets: views, untold: untold(events.value, targets.value, farmOf.value) });
}

async function viewOf(target: Target, database: Database, dataDir: string): Promise<Result<TargetView>> {
  const { cursor, progress: _progress, sealed: _sealed, ...shown } = target;
  const secrets = secretsOf(dataDir, target);
  const has = secretNames.filter((name) => secrets.ok && secrets.value[name] !== undefined);
  const events = target.isEnabled
    ? await database.notifications.eventsAfter(cursor, countedMax)
    : ok<LoggedEvent[]>([]);
  if (!events.ok) return events;
  const farmOf = await farmsById(database, target.filter.tags.length > 0 ? events.value : []);
  if (!farmOf.ok) return farmOf;
  const waits = events.value.filter((event) => isMeantFor(target.filter, event, farmOf.value));
  const isMore = events.value.length === countedMax;
  return ok({ ...shown, has, waiting: { events: waits.length, isMore, oldestAt: waits[0]?.at ?? null } });
}

export function saveTarget(actor: Actor, input: unknown, outside: Outside = notifyRuntime()): Promise<PeopleOutcome> {
  return change(actor, outside, async (database) => {
    const parsed = targetInputSchema.safeParse(input);
    if (!parsed.success)
      return invalid(parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join("."), message })));
    const targets = await database.notifications.targets();
    return targets.ok ? save(parsed.data, targets.value, database, outside) : targets;
  });
}

async function save(input: TargetInput, targets: readonly Target[], database: Database, outside: Outside) {
  const { secrets, id: asked, ...rest } = input;
  const known = targets.find(({ id }) => id === asked);
  if (asked !== null && known === undefined) return fail("not-found", "This target is gone");
  if (known === undefined && targets.length >= targetsMax)
    return fail("too-large", `There are ${targetsMax} targets already`);
  if (targets.some(({ id, name }) => id !== asked && name === rest.name))
    return invalid([{ path: "name", message: "Another target has this name" }]);
  const settings = settingsOf(input, known);
  if (settings === null)
    return invalid([{ path: "secrets.url", message: "An address like https://host/path is needed" }]);
  const kept = known === undefined ? ok({}) : secretsOf(outside.dataDir, known);
  // secrets for one place are not sent to another one because somebody edited where it is
  const isMoved = known !== undefined && placeText(known.settings) !== placeText(settings);
  const before = kept.ok && !isMoved ? kept.value : {};
  const id = known?.id ?? outside.newId();
  const sealed = sealedWith(outside.dataDir, id, before, secrets);
  if (!sealed.ok) return sealed;
  const target = { ...rest, id, settings, sealed: sealed.value };
  const saved = await database.notifications.save(target, { isNew: known === undefined });
  return saved.ok ? ok(`The notification target ${rest.name} was ${known === undefined ? "added" : "changed"}`) : saved;
}

/** Where a target's secrets go. */
function placeText(settings: TargetInput["settings"]): string {
  if (settings.kind === "smtp") return `${settings.host}:${settings.port} ${settings.security} ${settings.user}`;
  return settings.kind === "alertmanager" ? settings.url : settings.origin;
}

/** A webhook shows of its address no more than the origin. */
function settingsOf({ settings, secrets }: TargetInput, known: Target | undefined): TargetInput["settings"] | null {
  if (settings.kind !== "webhook") return settings;
  if (secrets.url === undefined) return known?.settings.kind === "webhook" ? known.settings : null;
  const url = URL.canParse(secrets.url) ? new URL(secrets.url) : null;
  const isGood = url !== null && ["http:", "https:"].includes(url.protocol) && url.username === "";
  return isGood ? { kind: "webhook", origin: url.origin } : null;
}

export function removeTarget(actor: Actor, id: string, outside: Outside = notifyRuntime()): Promise<PeopleOutcome> {
  return change(actor, outside, async ({ notifications }) => {
    const removed = await notifications.remove(String(id));
    return removed.ok ? ok("A notification target was removed") : removed;
  });
}

/** Sends one message now and says what was answered; the events that wait go on waiting. */
export async function testTarget(
  actor: Actor,
  id: string,
  outside: Outside = notifyRuntime(),
): Promise<Result<{ readonly isTaken: boolean; readonly text: string; readonly tookMs: number }>> {
  const permitted = permit(actor, "change-notifications");
  if (!permitted.ok) return permitted;
  const database = await outside.database();
  const targets = database.ok ? await database.value.notifications.targets() : database;
  if (!targets.ok) return targets;
  const target = targets.value.find((each) => each.id === id);
  if (target === undefined) return fail("not-found", "This target is gone");
  const secrets = secretsOf(outside.dataDir, target);
  if (!secrets.ok) return secrets;
  const { origin, allowed, balancer } = outside.parcel;
  const nowMs = outside.nowMs();
  const notice = testNotice(`${target.id}.test.${outside.newId()}`, actor.name, nowMs);
  const { settings } = target;
  const sent = await outside.send({
    ...{ notice, settings, secrets: secrets.value, origin, allowed, nowMs },
    balancer: balancer(),
  });
  return ok({ isTaken: sent.ok, text: sent.ok ? sent.value : sent.error, tookMs: outside.nowMs() - nowMs });
}

function testNotice(key: string, by: string, at: number): Notice {
  const text = `A test that ${by} asked for; nothing happened`;
  const line = { at, status: "note", kind: "agent", text, farm: null, backendId: null, backend: null } as const;
  const lines = [{ ...line, incident: null, sinceMs: at, isReminder: false }];
  return { key, status: "note", farm: null, title: `Sluice: ${text}`, lines, eventIds: [] };
}

/** Permission, work, and a line in the events. */
async function change(
  actor: Actor,
  outside: Outside,
  work: (database: Database) => Promise<Result<string>>,
): Promise<PeopleOutcome> {
  const permitted = permit(actor, "change-notifications");
  if (!permitted.ok) return refused(permitted.error);
  const database = await outside.database();
  const done = database.ok ? await work(database.value) : database;
  if (!database.ok || !done.ok)
    return refused(done.ok ? fail("storage", "The database does not answer").error : done.error);
  await database.value.events.append([ownEvent("people", done.value, outside.nowMs(), actor.name)]);
  return { status: "ok" };
}
