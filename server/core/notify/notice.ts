/** One message to one target: what happened to one farm, to the balancer or to many farms within a while. Every sender has its own form. */
import type { NotifyKind } from "./target.ts";

export type LoggedEvent = {
  readonly id: number;
  /** the life of the agent that told it; null = web itself */
  readonly bootId: string | null;
  readonly at: number;
  readonly kind: NotifyKind;
  readonly farmId: string | null;
  readonly farmName: string | null;
  readonly backendId: string | null;
  readonly text: string;
  readonly by: string | null;
};

export type NoticeStatus = "problem" | "resolved" | "note";

export type NoticeFarm = { readonly id: string; readonly name: string };

export type NoticeLine = {
  readonly at: number;
  readonly status: NoticeStatus;
  readonly kind: NotifyKind;
  readonly text: string;
  readonly farm: NoticeFarm | null;
  readonly backendId: string | null;
  readonly backend: string | null;
  /** the same from a problem to its end; null = it has no end */
  readonly incident: string | null;
  readonly sinceMs: number;
  readonly isReminder: boolean;
};

export type Notice = {
  /** the same when the same message is sent again */
  readonly key: string;
  readonly status: NoticeStatus;
  /** null = it is about the balancer, or about many farms */
  readonly farm: NoticeFarm | null;
  readonly title: string;
  /** oldest first; who writes them for people shows the first ones and says how many more there are */
  readonly lines: readonly NoticeLine[];
  /** all events it tells */
  readonly eventIds: readonly number[];
};

/** an event without an end counts as over after this, for receivers that ask for one */
export const noteLastsMs = 5 * 60_000;

export function titleOf(where: string, lines: readonly NoticeLine[]): string {
  const [first] = lines;
  if (first !== undefined && lines.length === 1) return `${where}: ${first.text}`.slice(0, 200);
  const problems = lines.filter(({ status }) => status === "problem").length;
  const resolved = lines.filter(({ status }) => status === "resolved").length;
  const parts = [
    ...(problems > 0 ? [`${problems} ${problems === 1 ? "problem" : "problems"}`] : []),
    ...(resolved > 0 ? [`${resolved} resolved`] : []),
  ];
  return `${where}: ${parts.length > 0 ? parts.join(", ") : `${lines.length} events`}`;
}

/** A message worth its worst line. */
export function statusOf(lines: readonly NoticeLine[]): NoticeStatus {
  if (lines.some(({ status }) => status === "problem")) return "problem";
  return lines.some(({ status }) => status === "resolved") ? "resolved" : "note";
}
