/**
 * What is told of something that goes down and comes back. A change is told once; several within one message are one line; more than
 * `flapsMax` in a quarter of an hour are told as one problem ("keeps going down"), whose end is told when it was quiet for a while.
 * What happens in maintenance waits, and is told if it outlasts it. Pure; times are epoch milliseconds.
 */
import type { LoggedEvent, NoticeLine } from "./notice.ts";
import type { Subject } from "./progress.ts";
import { type FarmOf, isOutByDecision } from "./relevance.ts";

const flapsMax = 4;
const flapWindowMs = 15 * 60_000;
const quietMs = 5 * 60_000;
const pendingMax = 100;
/** checks need a while to see a backend that was given back */
const comingBackMs = 60_000;

const opens: Readonly<Record<string, boolean>> = { down: true, up: false, lost: true, back: false };

/**
 * The subject an event is about with whether it has trouble now, or null: an event that has no end. What an agent says of its prober has
 * none: the next agent may know nothing of it.
 */
export function changeOf({ kind, farmId, backendId, bootId }: LoggedEvent): { key: string; isOpen: boolean } | null {
  const isOpen = Object.hasOwn(opens, kind) ? opens[kind] : undefined;
  if (isOpen === undefined) return null;
  if (kind === "lost" || kind === "back") return bootId === null ? { key: "agent", isOpen } : null;
  return backendId === null ? null : { key: `${farmId}/${backendId}`, isOpen };
}

/** As it is after the clock was set back: what was noted for later than now would hold news up until then. */
export function notAhead(subject: Subject, now: number): Subject {
  const { lastAt, toldAt, lastToldAt, quietUntil } = subject;
  return {
    ...subject,
    lastAt: Math.min(lastAt, now),
    toldAt: toldAt.filter((at) => at <= now),
    lastToldAt: lastToldAt === null ? null : Math.min(lastToldAt, now),
    quietUntil: Math.min(quietUntil, now + comingBackMs),
  };
}

type Change = { readonly key: string; readonly isOpen: boolean; readonly backend: string | null };

export function afterEvent(known: Subject | undefined, event: LoggedEvent, { key, isOpen, backend }: Change): Subject {
  const { farmId, farmName, backendId, at, text, id } = event;
  const was = known ?? {
    ...{ key, farmId, farmName, backendId, backend, isOpen: false, isOpenTold: false, isFlapping: false },
    ...{
      incident: `${id}`,
      sinceMs: at,
      text,
      lastAt: at,
      pending: [],
      changes: 0,
      toldAt: [],
      lastToldAt: null,
      quietUntil: 0,
    },
  };
  const begins = isOpen && !was.isOpen && !was.isOpenTold;
  return {
    ...was,
    ...(begins ? { incident: `${id}`, sinceMs: at } : {}),
    farmName: farmName ?? was.farmName,
    backend: backend ?? was.backend,
    isOpen,
    text,
    lastAt: at,
    pending: [...was.pending, id].slice(-pendingMax),
    changes: was.changes + (was.isOpen === isOpen ? 0 : 1),
  };
}

export type Told = {
  /** null = it can be forgotten */
  readonly subject: Subject | null;
  readonly line: NoticeLine | null;
  readonly eventIds: readonly number[];
};

/** What is to be said of a subject now. */
export function judge(subject: Subject, now: number, repeatMs: number | null, farmOf: FarmOf): Told {
  const farm = subject.farmId === null ? null : farmOf(subject.farmId);
  const backend = farm?.backends.find(({ id }) => id === subject.backendId) ?? null;
  const line = lineMaker(subject);
  if (subject.farmId !== null && backend === null)
    return over(subject, subject.isOpenTold ? line("resolved", "It was removed", now) : null);
  if (farm !== null && isOutByDecision(farm, subject.backendId, now)) return inMaintenance(subject, line, now);
  if (now < subject.quietUntil) return { subject, line: null, eventIds: [] };
  const isQuietAgain = subject.isFlapping && now - subject.lastAt >= quietMs;
  const isUntold = subject.isOpen && !subject.isOpenTold;
  if (subject.pending.length > 0 || isQuietAgain || isUntold) return news(subject, line, now);
  if (subject.isOpenTold) return reminder(subject, line, now, repeatMs);
  return { subject: now - subject.lastAt > flapWindowMs ? null : subject, line: null, eventIds: [] };
}

function over({ pending }: Subject, line: NoticeLine | null): Told {
  return { subject: null, line, eventIds: pending };
}

type LineMaker = (status: NoticeLine["status"], text: string, at: number, isReminder?: boolean) => NoticeLine;

function lineMaker(subject: Subject): LineMaker {
  const { backendId, backend, incident, sinceMs, key, farmId, farmName } = subject;
  const farm = farmId === null ? null : { id: farmId, name: farmName ?? "a removed farm" };
  const [down, up] = key === "agent" ? (["lost", "back"] as const) : (["down", "up"] as const);
  return (status, text, at, isReminder = false) => {
    const kind = status === "problem" ? down : up;
    return { at, status, kind, text, farm, backendId, backend, incident, sinceMs, isReminder };
  };
}

/** A problem that was told before is over by decision; one that begins now waits for the end of the maintenance. */
function inMaintenance(subject: Subject, line: LineMaker, now: number): Told {
  const quiet = { ...subject, quietUntil: now + comingBackMs };
  if (subject.isOpenTold) {
    const text = subject.isOpen ? "It is in maintenance now" : subject.text;
    const after = { ...told(quiet, subject.toldAt, now), isOpenTold: false, isFlapping: false };
    return { subject: after, line: line("resolved", text, now), eventIds: subject.pending };
  }
  return subject.isOpen ? { subject: quiet, line: null, eventIds: [] } : over(subject, null);
}

function news(subject: Subject, line: LineMaker, now: number): Told {
  const recent = subject.toldAt.filter((at) => now - at < flapWindowMs);
  const isTooMuch = recent.length >= flapsMax || subject.changes > flapsMax;
  if (isTooMuch && now - subject.lastAt < quietMs) {
    if (subject.isFlapping) return { subject, line: null, eventIds: [] };
    const text = `${subject.text} (it keeps going down and up; told again when it is quiet)`;
    const flapping = { ...told(subject, recent, now), isOpenTold: true, isFlapping: true };
    return { subject: flapping, line: line("problem", text, subject.lastAt), eventIds: subject.pending };
  }
  const times = subject.changes > 1 ? ` (${subject.changes} changes since it was told last)` : "";
  const after = { ...told(subject, recent, now), isOpenTold: subject.isOpen, isFlapping: false };
  const status = subject.isOpen ? "problem" : "resolved";
  return { subject: after, line: line(status, `${subject.text}${times}`, subject.lastAt), eventIds: subject.pending };
}

function reminder(subject: Subject, line: LineMaker, now: number, repeatMs: number | null): Told {
  if (repeatMs === null || now - (subject.lastToldAt ?? subject.lastAt) < repeatMs)
    return { subject, line: null, eventIds: [] };
  const last = { ...subject, lastToldAt: now };
  return { subject: last, line: line("problem", subject.text, subject.lastAt, true), eventIds: [] };
}

function told(subject: Subject, recent: readonly number[], now: number): Subject {
  return { ...subject, pending: [], changes: 0, toldAt: [...recent, now].slice(-flapsMax - 1), lastToldAt: now };
}
