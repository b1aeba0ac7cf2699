/**
 * Backends that take new connections by the rules and fail their probes, as one sentence. A probe measures and does not judge: health
 * and the farm's word stay as they are, but people must be told. No counts in the text: it stays the same while nothing changes.
 */
import type { ProbeResult } from "../wire/prober.ts";

type ProbeError = NonNullable<ProbeResult["error"]>;
type Failing = { readonly name: string; readonly error: ProbeError };

/** of one backend, of several */
const verbs: Record<ProbeError, readonly [string, string]> = {
  refused: ["refuses connections", "refuse connections"],
  timeout: ["does not answer in time", "do not answer in time"],
  unreachable: ["is unreachable", "are unreachable"],
  reset: ["resets connections", "reset connections"],
  closed: ["closes connections early", "close connections early"],
  tls: ["fails TLS", "fail TLS"],
  malformed: ["does not answer as it should", "do not answer as they should"],
  unhealthy: ["says that it is not well", "say that they are not well"],
  "cannot-check": ["cannot be asked", "cannot be asked"],
  other: ["cannot be connected to", "cannot be connected to"],
};
const namesMax = 3;

/** `failing`: backends in rotation whose last probes failed; null = there is none. */
export function probeTrouble(failing: readonly Failing[]): string | null {
  const [first] = failing;
  if (first === undefined) return null;
  const isOne = failing.length === 1;
  const isSame = failing.every(({ error }) => error === first.error);
  const verb = isSame ? verbs[first.error][isOne ? 0 : 1] : "fail their probes";
  const names = namesOf(failing.map(({ name }) => name));
  return `${names} ${verb}; no health check takes ${isOne ? "it" : "them"} out of rotation`;
}

/** Backends that serve and should be checked, and nobody says how they are; null = there is none. */
export function silentText(names: readonly string[]): string | null {
  return names.length === 0 ? null : `Nothing is known now of the health of ${namesOf(names)}`;
}

/** What the rules say and what the probes say, the probes first: clients feel them. */
export function worstReason(word: string | null, probes: string | null): string | null {
  if (word === null || probes === null) return probes ?? word;
  return `${probes}. ${word}`;
}

export function namesOf(names: readonly string[]): string {
  if (names.length > namesMax) return `${names.slice(0, namesMax).join(", ")} and ${names.length - namesMax} more`;
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
