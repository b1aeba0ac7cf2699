/** What becomes of a connection that nobody serves: a mark of its own, acted upon in the chain `refusal` (nat chains cannot reject). */
import { dropMark, markText, missMark, rejectMark } from "../../allocation/marks.ts";
import type { Farm } from "../../farm/types.ts";

export function nobodyRule(tag: number, onAllDown: Farm["onAllDown"]): string {
  return `ct mark set ${markText(onAllDown === "drop" ? dropMark(tag) : rejectMark(tag))}`;
}

/** The slot was there, the backend was not: marked as a miss, so that the connection is dropped and its retry scheduled again. */
export function missRule(tag: number): string {
  return `ct mark set ${markText(missMark(tag))}`;
}

/** Every packet passes here: that of a connection with a backend is let through by the first rule (ids below 2^23, so nearly all). */
export function refuseHookRules(tag: number): string[] {
  return [`ct mark & 0xff800000 == ${markText(tag << 24)} accept`, "jump refusal"];
}

/** Original direction only: our own reset passes the output hook with the refused connection's mark. */
export function refusalRules(tag: number): string[] {
  const scheduling = markText(0x80000000);
  return [
    `ct mark & 0x7f000000 != ${markText(tag << 24)} return`,
    "ct direction reply return",
    `ct mark ${markText(dropMark(tag))} counter drop`,
    `ct mark & ${scheduling} == ${scheduling} counter drop`,
    `ct mark ${markText(rejectMark(tag))} meta l4proto tcp counter reject with tcp reset`,
    `ct mark ${markText(rejectMark(tag))} counter reject`,
  ];
}
