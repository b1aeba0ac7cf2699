/**
 * Expected failures are values. A Failure carries a code from a closed union (for programs), a text (for people),
 * a detail (for the log, never shown in a browser) and whether trying the same again can help.
 */

export const failureCodes = [
  "invalid", // the input breaks a rule; `issues` names field and reason
  "conflict", // the farm changed since the base the writer named
  "not-found",
  "not-allowed", // no session, wrong role, or wrong peer uid
  "busy", // rate limit; retry after the time in the text
  "too-large",
  "unsupported", // part of the farm document that this version does not build yet
  "kernel-refused", // nft or the kernel said no; nothing was changed
  "outcome-unknown", // the answer did not come in time; ask again by uuid
  "agent-down", // socket missing, refused or silent
  "protocol", // the other side speaks another protocol version, or nonsense
  "storage", // database or disk: locked, read-only, missing, full
] as const;

export type FailureCode = (typeof failureCodes)[number];

/** One broken rule. `path` is the place in the document, `backends[1].address` style; "" is the whole document. */
export type Issue = { readonly path: string; readonly message: string };

export type Failure = {
  readonly code: FailureCode;
  readonly text: string;
  readonly detail?: string | undefined;
  readonly retry: boolean;
  readonly issues?: readonly Issue[] | undefined;
};

export type Result<T, E = Failure> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function fail(
  code: FailureCode,
  text: string,
  more: { detail?: string; retry?: boolean; issues?: readonly Issue[] } = {},
): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { code, text, retry: more.retry ?? false, detail: more.detail, issues: more.issues } };
}

/** An "invalid" failure from its issues; the text is the first issue, with its path. */
export function invalid(issues: readonly Issue[]): { readonly ok: false; readonly error: Failure } {
  const first = issues[0];
  const text =
    first === undefined ? "Invalid input" : first.path === "" ? first.message : `${first.path}: ${first.message}`;
  return fail("invalid", text, { issues });
}
