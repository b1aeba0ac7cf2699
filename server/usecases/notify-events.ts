/**
 * Tells the targets what happened. Each target has a cursor in its row, which moves only after a message was taken: a crash between sending
 * and that repeats one message, under the same key, and loses none. Targets do not wait for each other; one that fails is tried again later
 * and later, for as long as it takes. Of several web processes one tells: who holds the lease. Never throws.
 */
import { isDue, pauseMs } from "../core/notify/backoff.ts";
import type { Notice } from "../core/notify/notice.ts";
import { type Plan, plan } from "../core/notify/plan.ts";
import type { Progress } from "../core/notify/progress.ts";
import type { Target } from "../core/notify/target.ts";
import { ok, type Result } from "../core/result.ts";
import type { Database } from "../db/repositories.ts";
import type { Parcel } from "../notify/parcel.ts";
import type { Send } from "../notify/send.ts";
import type { Deps } from "./deps.ts";
import { farmsById } from "./farms-by-id.ts";
import { createLease, type LeaseOptions } from "./notify-lease.ts";
import { ownEvent } from "./own-event.ts";
import { secretsOf } from "./target-secrets.ts";

export type NotifyDeps = Pick<Deps, "database" | "nowMs" | "log"> & {
  readonly send: Send;
  readonly random: () => number;
  readonly dataDir: string;
  readonly lease: LeaseOptions;
  readonly parcel: Pick<Parcel, "origin" | "allowed"> & { readonly balancer: () => string };
};

export type Notifier = {
  /** Looks at every target; resolves when those that were free have been told what was due. */
  run(): Promise<void>;
};

const eventsPerBatch = 2000;
/** a minute or two of trying: then the others are told */
const deadAfterAttempts = 6;
/** what lasts, flaps or is in maintenance is looked at this often */
const lookAgainMs = 15_000;

export function createNotifier(deps: NotifyDeps): Notifier {
  const busy = new Set<string>();
  const looked = new Map<string, number>();
  let said: string | null = null;
  const lease = createLease(deps.lease, async (owner, nowMs, untilMs) => {
    const database = await deps.database();
    return database.ok ? database.value.notifications.hold(owner, nowMs, untilMs) : database;
  });
  const mayTell = () => lease.isHeld(deps.nowMs());

  async function one(target: Target, database: Database, isOurs: boolean): Promise<Served> {
    if (busy.has(target.id)) return "waits";
    busy.add(target.id);
    try {
      const isQuiet = Math.abs(deps.nowMs() - (looked.get(target.id) ?? 0)) < lookAgainMs;
      const done = await serve(target, database, { ...deps, mayTell: isOurs ? mayTell : () => false }, isQuiet);
      if (!done.ok)
        deps.log("notification-held", { target: target.name, detail: done.error.detail ?? done.error.text });
      else if (done.value === "served") looked.set(target.id, deps.nowMs());
      return done.ok ? done.value : "waits";
    } catch (error) {
      deps.log("notification-held", { target: target.name, detail: String(error) });
      return "waits";
    } finally {
      busy.delete(target.id);
    }
  }

  /** true = there is something to tell, and it is not known that we are who tells */
  async function all(isOurs: boolean): Promise<boolean> {
    const database = await deps.database();
    const targets = database.ok ? await database.value.notifications.targets() : database;
    const trouble = targets.ok ? null : targets.error.text;
    if (trouble !== null && trouble !== said) deps.log("notifications-held", { detail: trouble });
    said = trouble;
    if (!database.ok || !targets.ok) return false;
    const now = deps.nowMs();
    const due = targets.value.filter(({ isEnabled, delivery }) => isEnabled && isDue(delivery.nextAt, now));
    const served = await Promise.all(due.map((target) => one(target, database.value, isOurs)));
    return served.includes("wants");
  }

  return {
    async run() {
      // nothing of an idle process is written; what is under way stays ours until it has arrived
      if (busy.size > 0) await lease.extend(deps.nowMs());
      // what was read before the lease was ours may have been told by its last owner: all is looked at anew
      if ((await all(lease.isSafe(deps.nowMs()))) && (await lease.hold(deps.nowMs()))) await all(true);
    },
  };
}

/** "waits": nothing was due. "wants": something was, and it is not known that we are who tells. */
type Served = "waits" | "wants" | "served";
type ServeDeps = NotifyDeps & { readonly mayTell: () => boolean };

/** `isQuiet`: only events count now. */
async function serve(target: Target, database: Database, deps: ServeDeps, isQuiet: boolean): Promise<Result<Served>> {
  const { notifications } = database;
  const events = await notifications.eventsAfter(target.cursor, eventsPerBatch);
  if (!events.ok) return events;
  if (events.value.length === 0 && isQuiet) return ok("waits");
  const farmOf = await farmsById(database, [...events.value, ...target.progress.subjects]);
  if (!farmOf.ok) return farmOf;
  const planned = plan(target, events.value, deps.nowMs(), farmOf.value);
  if (planned.type === "nothing") return ok(events.value.length > 0 ? "waits" : "served");
  if (!deps.mayTell()) return ok("wants");
  if (planned.type === "tell") return tell(target, planned, database, deps);
  const progress = { ...target.progress, batchTo: planned.batchTo, done: [] };
  const kept = await notifications.keep(target, { after: { cursor: target.cursor, progress } });
  if (!kept.ok) return kept;
  return kept.value ? serve({ ...target, progress }, database, deps, false) : ok("served");
}

async function tell(
  target: Target,
  { notices, silentIds, after }: Extract<Plan, { type: "tell" }>,
  database: Database,
  deps: ServeDeps,
): Promise<Result<Served>> {
  const { notifications } = database;
  let progress: Progress = target.progress;
  for (const [index, notice] of notices.entries()) {
    // another process took over while the last message was under way
    if (!deps.mayTell()) return ok("wants");
    const sent = await deliver(target, notice, deps);
    if (!sent.ok) return notTaken(target, sent.error, database, deps);
    const isLast = index === notices.length - 1;
    progress = { ...progress, done: [...progress.done, notice.key] };
    const told = isLast ? { after, silentIds } : { after: { cursor: target.cursor, progress } };
    const kept = await notifications.keep(target, { ...told, okAt: deps.nowMs(), eventIds: notice.eventIds });
    if (!kept.ok) return kept;
    if (!kept.value) return ok("served");
    if (index === 0 && target.delivery.attempts >= deadAfterAttempts)
      await append(target, "takes notifications again", deps.nowMs(), database.events);
  }
  if (notices.length > 0) return ok("served");
  const kept = await notifications.keep(target, { after, silentIds });
  return kept.ok ? ok("served") : kept;
}

async function deliver(target: Target, notice: Notice, deps: NotifyDeps): Promise<Result<string, string>> {
  const secrets = secretsOf(deps.dataDir, target);
  if (!secrets.ok) return { ok: false, error: secrets.error.text };
  const { origin, allowed, balancer } = deps.parcel;
  const { settings } = target;
  const nowMs = deps.nowMs();
  return deps.send({ notice, settings, secrets: secrets.value, balancer: balancer(), origin, allowed, nowMs });
}

/** A line in the log, for people and for the other targets. */
async function append({ name }: Target, what: string, at: number, events: Database["events"]): Promise<void> {
  await events.append([ownEvent("notify", `${name} ${what}`, at)]);
}

async function notTaken(
  target: Target,
  text: string,
  { notifications, events }: Database,
  { nowMs, random, log }: NotifyDeps,
): Promise<Result<"served">> {
  const attempts = target.delivery.attempts + 1;
  const at = nowMs();
  if (attempts === deadAfterAttempts) await append(target, `takes no notifications: ${text}`, at, events);
  if (attempts === 1) log("notification-not-taken", { target: target.name, detail: text });
  const failed = await notifications.failed(target.id, {
    attempts,
    nextAt: at + pauseMs(attempts, random()),
    at,
    text,
  });
  return failed.ok ? ok("served") : failed;
}
