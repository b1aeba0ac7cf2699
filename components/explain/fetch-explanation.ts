import type { ClientExplanation } from "@/server/core/explain/explain-client.ts";
import type { Question } from "./question.ts";

/** Throws with the server's sentence. */
export async function fetchExplanation(question: Question, signal: AbortSignal): Promise<ClientExplanation> {
  const answer = await fetch(`/api/explain?${new URLSearchParams(question)}`, { signal, cache: "no-store" });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && isExplanation(body)) return body;
  throw new Error(problemText(body));
}

/** Our own server's answer, of the same build: its envelope is enough. */
function isExplanation(body: unknown): body is ClientExplanation {
  return typeof body === "object" && body !== null && "verdict" in body && "steps" in body && Array.isArray(body.steps);
}

function problemText(body: unknown): string {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : null;
  const text = typeof error === "object" && error !== null && "text" in error ? error.text : null;
  return typeof text === "string" ? text : "The client could not be explained.";
}
