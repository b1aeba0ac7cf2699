/** The check a new farm starts with: nobody has to take it, and it follows the protocol until somebody chooses another. Pure. */
import { type CheckDraft, emptyCheck } from "./check-draft.ts";
import { reasonsAgainst } from "./combinations.ts";
import { answersEveryPort, type FarmDraft } from "./form-model.ts";

/** A connection where there is a port to connect to, else a ping. */
function suggestedCheck(draft: Pick<FarmDraft, "everyPort" | "protocol">): CheckDraft {
  const hasPort = draft.protocol === "tcp" && !answersEveryPort(draft);
  return { ...emptyCheck, type: hasPort ? "tcp" : "ping" };
}

/** A new farm with the check that fits it, as far as it can have one. */
export function withSuggestedCheck(draft: FarmDraft): FarmDraft {
  const add = (old: FarmDraft) => ({ ...old, check: suggestedCheck(old) });
  return reasonsAgainst(draft)(add) === null ? add(draft) : draft;
}

/** What was suggested goes with protocol and ports; what was chosen stays. */
export function followSuggestion(old: FarmDraft, next: FarmDraft): FarmDraft {
  const isSuggested = JSON.stringify(old.check) === JSON.stringify(suggestedCheck(old));
  return isSuggested && next.check === old.check ? { ...next, check: suggestedCheck(next) } : next;
}
