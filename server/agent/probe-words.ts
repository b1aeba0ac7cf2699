/** What went wrong with a probe, in words, where the prober says no more. */
import type { ProbeError } from "../wire/prober.ts";

export const errorTexts: Readonly<Record<ProbeError, string>> = {
  refused: "connection refused",
  timeout: "no answer in time",
  unreachable: "unreachable",
  reset: "connection reset",
  closed: "connection closed early",
  tls: "TLS failed",
  malformed: "answer not understood",
  unhealthy: "says it is not well",
  "cannot-check": "cannot be asked",
  other: "connecting failed",
};
