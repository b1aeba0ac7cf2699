/** Events that somebody should have been told of and nobody was: with why, as far as the targets of now say it. Pure. */
import type { LoggedEvent } from "./notice.ts";
import { type FarmOf, isMeantFor } from "./relevance.ts";
import type { Target } from "./target.ts";

export type Untold = {
  readonly event: Pick<LoggedEvent, "id" | "at" | "kind" | "farmId" | "farmName" | "text">;
  /** names of the targets it waits for; empty = nobody will be told */
  readonly waitsFor: readonly string[];
  readonly why: string;
};

type Asked = Pick<Target, "name" | "isEnabled" | "filter" | "cursor" | "progress">;

/** `events`: of important kinds, told to nobody. */
export function untold(events: readonly LoggedEvent[], targets: readonly Asked[], farmOf: FarmOf): Untold[] {
  return events.map((event) => {
    const { id, at, kind, farmId, farmName, text } = event;
    const enabled = targets.filter(({ isEnabled }) => isEnabled);
    const meant = enabled.filter(({ filter }) => isMeantFor(filter, event, farmOf));
    const waiting = meant.filter(({ cursor }) => cursor < id);
    const holding = meant.filter(({ progress }) => progress.subjects.some(({ pending }) => pending.includes(id)));
    const waitsFor = [...waiting, ...holding].map(({ name }) => name);
    return { event: { id, at, kind, farmId, farmName, text }, waitsFor, why: whyNot(waiting, holding, meant, enabled) };
  });
}

function whyNot(
  waiting: readonly Asked[],
  holding: readonly Asked[],
  meant: readonly Asked[],
  enabled: readonly Asked[],
): string {
  const names = (targets: readonly Asked[]) => targets.map(({ name }) => name).join(", ");
  if (waiting.length > 0) return `waits for ${names(waiting)}`;
  if (holding.length > 0) return `held back: maintenance, or it keeps going down and up (${names(holding)})`;
  if (enabled.length === 0) return "no target is enabled";
  if (meant.length === 0) return "no enabled target asks for it";
  return `it happened before ${names(meant)} was set up or enabled`;
}
