import type { Actor } from "../auth/actor.ts";
import type { ChangeView, RevisionView } from "../core/change/views.ts";
import { fail, type Result } from "../core/result.ts";

export type HistoryPage = {
  /** newest first, at most 50 */
  readonly revisions: readonly RevisionView[];
  /** applying and refused ones, newest first, at most 50 */
  readonly changes: readonly ChangeView[];
};

/** `before`: only revisions older than this one, for the next page. */
export async function readHistory(
  _actor: Actor,
  _query: { farmId?: string; before?: { epoch: number; n: number } } = {},
): Promise<Result<HistoryPage>> {
  return fail("unsupported", "Not built yet");
}
