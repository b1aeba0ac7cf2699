import type { BackendMonitor, CheckEntry } from "@/server/core/metrics/backend-monitor.ts";

type Place = { readonly farmId: string; readonly backendId: string };

/** Throws with the server's sentence. */
export async function fetchMonitor({ farmId, backendId }: Place, signal: AbortSignal): Promise<BackendMonitor> {
  const answer = await fetch(`${pathOf(farmId, backendId)}/monitor`, { signal, cache: "no-store" });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && isMonitor(body)) return body;
  throw new Error(problemText(body, "What was measured could not be read."));
}

/** Asks the backend at once, by its own check. Throws with the server's sentence. */
export async function testNow({ farmId, backendId }: Place): Promise<CheckEntry> {
  const answer = await fetch(`${pathOf(farmId, backendId)}/check`, { method: "POST", cache: "no-store" });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && isEntry(body)) return body;
  throw new Error(problemText(body, "The backend could not be tested."));
}

function pathOf(farmId: string, backendId: string): string {
  return `/api/farms/${farmId}/backends/${backendId}`;
}

/** Our own server's answer, of the same build: its envelope is enough. */
function isMonitor(body: unknown): body is BackendMonitor {
  return typeof body === "object" && body !== null && "checks" in body && "beats" in body && Array.isArray(body.beats);
}

function isEntry(body: unknown): body is CheckEntry {
  return typeof body === "object" && body !== null && "at" in body && "ok" in body;
}

function problemText(body: unknown, otherwise: string): string {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const text = typeof error === "object" && error !== null && "text" in error ? error.text : null;
  return typeof text === "string" ? text : otherwise;
}
