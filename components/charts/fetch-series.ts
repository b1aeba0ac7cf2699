import type { FarmSeries } from "@/server/core/metrics/live.ts";

/** History of a farm from the agent; what went wrong is the error's message, a sentence. */
export async function fetchSeries(farmId: string, rangeS: number, signal: AbortSignal): Promise<FarmSeries> {
  const answer = await fetch(`/api/series?farm=${farmId}&rangeS=${rangeS}`, { signal, cache: "no-store" });
  if (!answer.ok) throw new Error(await problemOf(answer));
  return (await answer.json()) as FarmSeries;
}

async function problemOf(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => null);
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const text = typeof error === "object" && error !== null && "text" in error ? error.text : null;
  return typeof text === "string" ? text : "The server could not read the history.";
}
