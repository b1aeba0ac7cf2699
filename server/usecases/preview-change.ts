import type { Actor } from "../auth/actor.ts";
import type { ChangePreview } from "../core/change/preview.ts";
import type { Deps } from "./deps.ts";
import { fromFailure, type NotOk } from "./outcome.ts";
import { parseOperations } from "./parse-operations.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

export type PreviewOutcome = { readonly status: "ok"; readonly preview: ChangePreview } | NotOk;

/** What the operations would do, said by the agent that would do it; nothing is changed. */
export async function previewChange(actor: Actor, input: unknown, deps: Deps = runtime()): Promise<PreviewOutcome> {
  const permitted = permit(actor, "preview-change");
  if (!permitted.ok) return fromFailure(permitted.error);
  const parsed = parseOperations(input, deps.newId);
  if (!parsed.ok) return fromFailure(parsed.error);
  const by = { id: actor.id, name: actor.name };
  const answer = await deps.agent.preview({ uuid: deps.newId(), actor: by, operations: [...parsed.value] });
  return answer.ok ? { status: "ok", preview: answer.value } : fromFailure(answer.error);
}
