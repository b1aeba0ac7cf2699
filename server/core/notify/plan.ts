/**
 * What one target is sent next. Events after its cursor wait until the oldest that is meant for it is as old as the target's window; then
 * they are one batch, and each farm in it one message. The batch's end is kept before the first message goes out, so that a message sent
 * again after a crash is the same one, under the same key. Pure; times are epoch milliseconds.
 */
import { type LoggedEvent, type Notice, type NoticeFarm, type NoticeLine, statusOf, titleOf } from "./notice.ts";
import { type Progress, type Subject, subjectsMax } from "./progress.ts";
import { type FarmOf, isMeantFor, isSilent } from "./relevance.ts";
import { afterEvent, changeOf, type Told as Judged, judge, notAhead } from "./subjects.ts";
import type { Target } from "./target.ts";

export type Plan =
  | { readonly type: "nothing" }
  /** keep the batch's end, then plan again with the events up to it */
  | { readonly type: "begin"; readonly batchTo: number }
  | {
      readonly type: "tell";
      readonly notices: readonly Notice[];
      /** events that nobody needs to be told of: what they are about is in maintenance */
      readonly silentIds: readonly number[];
      readonly after: { readonly cursor: number; readonly progress: Progress };
    };

type Planned = Pick<Target, "id" | "settings" | "filter" | "groupS" | "repeatS" | "cursor" | "progress">;

/** Alertmanager takes an alert for over that it does not hear of for a while. */
const alertAgainMs = 60_000;
/** more farms than these are told in one message */
const farmsApartMax = 20;

/** `events`: after the target's cursor, oldest first, perhaps not all. `farmOf` knows the farms of the events and of the subjects. */
export function plan(target: Planned, events: readonly LoggedEvent[], now: number, farmOf: FarmOf): Plan {
  const { cursor, progress } = target;
  const { batchTo } = progress;
  if (batchTo !== null)
    return tell(
      target,
      events.filter(({ id }) => id <= batchTo),
      batchTo,
      now,
      farmOf,
    );
  const newest = events.at(-1)?.id ?? cursor;
  const first = events.find((event) => isMeantFor(target.filter, event, farmOf));
  if (first === undefined) return tell(target, [], newest, now, farmOf);
  const ageMs = now - first.at;
  // one of the future was noted before the clock was set back: nobody waits until then
  if (ageMs >= 0 && ageMs < target.groupS * 1000) return { type: "nothing" };
  return { type: "begin", batchTo: newest };
}

function tell(target: Planned, batch: readonly LoggedEvent[], cursor: number, now: number, farmOf: FarmOf): Plan {
  const meant = batch.filter((event) => isMeantFor(target.filter, event, farmOf));
  const changes = meant.flatMap((event) => {
    const change = changeOf(event);
    return change === null ? [] : [{ event, ...change }];
  });
  const notes = meant.filter((event) => changeOf(event) === null && target.filter.kinds.includes(event.kind));
  const silent = notes.filter((event) => isSilent(event, farmOf));
  const subjects = new Map(target.progress.subjects.map((subject) => [subject.key, notAhead(subject, now)]));
  for (const { event, key, isOpen } of changes) {
    const { backend } = noteOf(event, farmOf).line;
    subjects.set(key, afterEvent(subjects.get(key), event, { key, isOpen, backend }));
  }
  const judged = [...subjects.values()].map((was) => ({
    was,
    ...asAskedFor(target, was, judge(was, now, repeatMsOf(target), farmOf)),
  }));
  const told = [
    ...notes.filter((event) => !silent.includes(event)).map((event) => noteOf(event, farmOf)),
    ...judged.flatMap(({ was, line, eventIds }) => (line === null ? [] : [{ ...was, line, eventIds }])),
  ];
  const silentIds = [
    ...silent.map(({ id }) => id),
    ...judged.flatMap(({ line, eventIds }) => (line === null ? eventIds : [])),
  ];
  const kept = judged.flatMap(({ subject }) => (subject === null ? [] : [subject]));
  const progress = { batchTo: null, done: [], subjects: kept.slice(-subjectsMax) };
  const isSame = cursor === target.cursor && JSON.stringify(progress) === JSON.stringify(target.progress);
  if (told.length === 0 && isSame) return { type: "nothing" };
  const done = new Set(target.progress.done);
  const notices = messagesOf(told, target).filter(({ key }) => !done.has(key));
  return { type: "tell", notices, silentIds, after: { cursor, progress } };
}

/** An end that was not asked for is kept in mind and not told, unless its beginning is told with it. Alertmanager must hear of it. */
function asAskedFor({ settings, filter }: Planned, { changes }: Subject, judged: Judged): Judged {
  const { line } = judged;
  const isAsked =
    line === null || line.status !== "resolved" || filter.kinds.includes(line.kind) || settings.kind === "alertmanager";
  return isAsked || changes > 1 ? judged : { ...judged, line: null };
}

function repeatMsOf({ settings, repeatS }: Planned): number | null {
  if (settings.kind === "alertmanager") return alertAgainMs;
  return repeatS === null ? null : repeatS * 1000;
}

type Told = {
  readonly line: NoticeLine;
  readonly farmId: string | null;
  readonly eventIds: readonly number[];
  readonly lastToldAt?: number | null;
};

/** One message a farm; where so many farms have something to tell that nobody could read them, one for all. */
function messagesOf(told: readonly Told[], { id, settings }: Planned): Notice[] {
  const farms = new Map<string | null, Told[]>();
  for (const each of told) {
    const known = farms.get(each.farmId);
    if (known === undefined) farms.set(each.farmId, [each]);
    else known.push(each);
  }
  const apartMax = settings.kind === "alertmanager" ? 1 : farmsApartMax;
  if (farms.size <= apartMax) return [...farms.values()].map((all) => messageOf(all, all[0]?.line.farm ?? null, id));
  return [messageOf(told, null, id, `${farms.size - (farms.has(null) ? 1 : 0)} farms`)];
}

function messageOf(all: readonly Told[], farm: NoticeFarm | null, targetId: string, where?: string): Notice {
  const lines = all.map(({ line }) => line).sort((a, b) => a.at - b.at);
  const eventIds = all.flatMap((each) => each.eventIds);
  // what is said again has no event of its own
  const again = all.map(({ line, lastToldAt }) => `${line.incident}-${lastToldAt ?? 0}`)[0];
  const about = where === undefined ? (farm?.id ?? "balancer") : "many";
  return {
    key: `${targetId}.${about}.${eventIds.length > 0 ? Math.max(...eventIds) : again}`,
    status: statusOf(lines),
    farm,
    title: titleOf(where ?? farm?.name ?? "Balancer", lines),
    lines,
    eventIds,
  };
}

function noteOf(event: LoggedEvent, farmOf: FarmOf): Told {
  const { at, kind, text, backendId, farmId, farmName, id } = event;
  const known = farmId === null ? null : farmOf(farmId);
  const farm = farmId === null ? null : { id: farmId, name: farmName ?? known?.name ?? "a removed farm" };
  const backend = known?.backends.find((each) => each.id === backendId)?.name ?? null;
  const line = { ...{ at, kind, text, backendId, backend, farm }, incident: null, sinceMs: at, isReminder: false };
  const status = kind === "lost" ? "problem" : kind === "back" ? "resolved" : "note";
  return { farmId, eventIds: [id], line: { ...line, status } };
}
