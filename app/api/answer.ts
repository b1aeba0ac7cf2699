/** Results as HTTP answers: the value, or { error: { code, text } } with a fitting status. Nothing of a failure's detail goes out. */
import type { FailureCode, Result } from "@/server/core/result.ts";

export function answer<T>(result: Result<T>): Response {
  const headers = { "cache-control": "no-store" };
  if (result.ok) return Response.json(result.value, { headers });
  const { code, text, retry } = result.error;
  return Response.json({ error: { code, text, retry } }, { status: statusOf[code], headers });
}

export function notSignedIn(result: Extract<Result<unknown>, { ok: false }>): Response {
  const { code, text } = result.error;
  return Response.json({ error: { code, text, retry: false } }, { status: code === "not-allowed" ? 401 : 503 });
}

const statusOf: Readonly<Record<FailureCode, number>> = {
  invalid: 400,
  conflict: 409,
  "not-found": 404,
  "not-allowed": 403,
  busy: 429,
  "too-large": 413,
  unsupported: 422,
  "kernel-refused": 422,
  "outcome-unknown": 504,
  "agent-down": 503,
  protocol: 502,
  storage: 503,
};
