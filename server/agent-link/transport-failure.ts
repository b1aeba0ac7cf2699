/** What a failed request says about the agent: never reached, or no answer. */
import { fail } from "../core/result.ts";

/** `isChange`: the request may have changed something if it arrived. */
export function failureOf(error: unknown, isChange: boolean): ReturnType<typeof fail> {
  const code = codeOf(error);
  const detail = String(error);
  const reason = neverReached[code];
  if (reason !== undefined) return fail("agent-down", reason, { detail, retry: true });
  if (isChange) return fail("outcome-unknown", "The agent has not answered in time", { detail, retry: true });
  return fail("agent-down", "The agent does not answer", { detail, retry: true });
}

const neverReached: Readonly<Record<string, string>> = {
  ENOENT: "The agent does not run: its socket is missing",
  ECONNREFUSED: "The agent does not run: nobody listens on its socket",
  EACCES: "The agent's socket may not be opened by this user",
  ENOTSOCK: "The agent's socket is not a socket",
  UND_ERR_CONNECT_TIMEOUT: "The agent does not accept connections",
};

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
