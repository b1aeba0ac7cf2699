/**
 * How a listed rule is known again. nft prints many rules otherwise than they were written (times, masks, signed numbers, statements
 * that have no JSON form at all), so a rule that is not one of the few simple forms carries a digest of its own text as a comment; a
 * listing is compared by that. Purpose is to find changes, not to withstand a forger, who could write the tables anyway.
 */

/** The rule with its signature. */
export function signed(rule: string): string {
  return `${rule} comment "${mark}${digest(rule)}"`;
}

/** What two forms of the same rule have in common: the signature, or the text of an unsigned rule. */
export function ruleKey(rule: string): string {
  const at = rule.lastIndexOf(` comment "${mark}`);
  return at < 0 ? rule : rule.slice(at + 1);
}

/** The key of a listed rule by its comment; null when it is not signed. */
export function keyOfComment(comment: unknown): string | null {
  return typeof comment === "string" && pattern.test(comment) ? `comment "${comment}"` : null;
}

/** Eight hex digits: FNV-1a over UTF-16 units, 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv). */
export function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

const mark = "s:";
const pattern = /^s:[0-9a-f]{8}$/;
