import type { FarmSeries, LiveEvent } from "@/server/core/metrics/live.ts";
import type { PastHours } from "@/server/core/metrics/past-hour.ts";

/** History of a farm; what went wrong is the error's message, a sentence. */
export async function fetchSeries(farmId: string, rangeS: number, signal: AbortSignal): Promise<FarmSeries> {
  return (await ask(`/api/series?farm=${farmId}&rangeS=${rangeS}`, signal)) as FarmSeries;
}

/** What happened to a farm, and to the balancer, in the last `rangeS` seconds; the newest 100, newest last. */
export async function fetchRangeEvents(
  farmId: string,
  rangeS: number,
  signal: AbortSignal,
): Promise<readonly LiveEvent[]> {
  return (await ask(`/api/series/events?farm=${farmId}&rangeS=${rangeS}`, signal)) as readonly LiveEvent[];
}

/** The last hour of at most `pastFarmsMax` farms. */
export async function fetchPastHours(farmIds: readonly string[], signal: AbortSignal): Promise<PastHours> {
  return (await ask(`/api/past-hours?farms=${farmIds.join(",")}`, signal)) as PastHours;
}

async function ask(path: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(path, { signal, cache: "no-store" });
  if (!answer.ok) throw new Error(await problemOf(answer));
  return answer.json();
}

async function problemOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const text = typeof error === "object" && error !== null && "text" in error ? error.text : null;
  return typeof text === "string" ? text : "The server could not read the history.";
}
