/** Filters and QoS as typed in the form, and their way to and from the farm document. Lists stand in boxes, an entry a line. */
import * as z from "zod/mini";
import { entriesOf } from "@/components/lists/entry-lines.ts";
import type { Policy } from "@/server/core/farm/policy.ts";

const numbers = ["newPerSecondPerSource", "connectionsPerSource", "synPerSecond", "logPerSecond"] as const;
type PolicyNumber = (typeof numbers)[number];
export type PolicyText = "allow" | "deny" | PolicyNumber | "dscp" | "priority";

export type PolicyDraft = Readonly<Record<PolicyText, string>> & {
  readonly synProxy: boolean;
  readonly dropInvalid: boolean;
};

export const emptyPolicyDraft: PolicyDraft = {
  allow: "",
  deny: "",
  newPerSecondPerSource: "",
  connectionsPerSource: "",
  synPerSecond: "",
  synProxy: false,
  dropInvalid: false,
  logPerSecond: "",
  dscp: "",
  priority: "",
};

export const policyDraftSchema = z.strictObject({
  allow: z.string(),
  deny: z.string(),
  newPerSecondPerSource: z.string(),
  connectionsPerSource: z.string(),
  synPerSecond: z.string(),
  synProxy: z._default(z.boolean(), false),
  dropInvalid: z.boolean(),
  logPerSecond: z.string(),
  dscp: z.string(),
  priority: z.string(),
});

export function draftOfPolicy(policy: Policy): PolicyDraft {
  const number = (value: number | null) => (value === null ? "" : String(value));
  return {
    allow: policy.allow.join("\n"),
    deny: policy.deny.join("\n"),
    newPerSecondPerSource: number(policy.newPerSecondPerSource),
    connectionsPerSource: number(policy.connectionsPerSource),
    synPerSecond: number(policy.synPerSecond),
    synProxy: policy.synProxy,
    dropInvalid: policy.dropInvalid,
    logPerSecond: number(policy.logPerSecond),
    dscp: policy.dscp ?? "",
    priority: policy.priority ?? "",
  };
}

/** Only TCP has a SYN: its limit and its proxy go with the protocol, as their fields do. */
export function policyOfDraft(draft: PolicyDraft, isTcp: boolean): Record<string, unknown> {
  const number = (text: string) => (text.trim() === "" ? null : wholeNumber(text));
  return {
    allow: entriesOf(draft.allow).map(({ entry }) => entry),
    deny: entriesOf(draft.deny).map(({ entry }) => entry),
    newPerSecondPerSource: number(draft.newPerSecondPerSource),
    connectionsPerSource: number(draft.connectionsPerSource),
    synPerSecond: isTcp ? number(draft.synPerSecond) : null,
    synProxy: isTcp && draft.synProxy,
    dropInvalid: draft.dropInvalid,
    logPerSecond: number(draft.logPerSecond),
    dscp: draft.dscp.trim() === "" ? null : draft.dscp.trim(),
    priority: draft.priority.trim() === "" ? null : draft.priority.trim(),
  };
}

/** An issue of the n-th entry of a list, said at its line of the box. */
export function policyMessage(draft: PolicyDraft, path: string, message: string): string {
  const [, list, at] = /^policy\.(allow|deny)\[([0-9]+)\]$/.exec(path) ?? [];
  if (list !== "allow" && list !== "deny") return message;
  // references stand behind the networks in the document, wherever they were typed: such a message begins with its reference
  const [, named] = /^(@[a-z0-9-]+): /.exec(message) ?? [];
  const entries = entriesOf(draft[list]);
  const line = (named === undefined ? entries[Number(at)] : entries.find(({ entry }) => entry === named))?.line;
  return line === undefined ? message : `Line ${line}: ${message}`;
}

/** The box with a reference to the list at its end, unless it is there already. */
export function withReference(text: string, name: string): string {
  const entry = `@${name}`;
  if (entriesOf(text).some((each) => each.entry === entry)) return text;
  return text.trim() === "" ? entry : `${text.trimEnd()}\n${entry}`;
}

/** One line for a comparison of two drafts. */
export function policyText(draft: PolicyDraft): string {
  const lists = (["allow", "deny"] as const).map((list) => [
    list,
    entriesOf(draft[list])
      .map(({ entry }) => entry)
      .join(", "),
  ]);
  const rest = [...numbers, "dscp", "priority"] as const;
  const parts = [...lists, ...rest.map((key) => [key, draft[key].trim()])].filter(([, text]) => text !== "");
  const texts = parts.map(([key, text]) => `${key} ${text}`);
  return (
    [
      ...texts,
      ...(draft.synProxy ? ["SYN proxy"] : []),
      ...(draft.dropInvalid ? ["invalid packets dropped"] : []),
    ].join("; ") || "none"
  );
}

/** What is set, in a line that does not grow with the lists. */
export function policySummary(draft: PolicyDraft): string {
  const count = (list: "allow" | "deny", word: string) => {
    const entries = entriesOf(draft[list]).length;
    return entries === 0 ? [] : [`${entries} ${word}`];
  };
  const isLimited = (["newPerSecondPerSource", "connectionsPerSource", "synPerSecond"] as const).some(
    (key) => draft[key].trim() !== "",
  );
  const parts = [
    ...count("allow", "allowed"),
    ...count("deny", "denied"),
    ...(isLimited ? ["limits"] : []),
    ...(draft.synProxy ? ["SYN proxy"] : []),
    ...(draft.dropInvalid ? ["invalid packets dropped"] : []),
    ...(draft.logPerSecond.trim() === "" ? [] : ["logged"]),
    ...(draft.dscp.trim() === "" ? [] : [`DSCP ${draft.dscp.trim()}`]),
    ...(draft.priority.trim() === "" ? [] : [`class ${draft.priority.trim()}`]),
  ];
  return parts.length === 0 ? "None: this farm's packets pass no filter" : parts.join(", ");
}

/** A text that is no number becomes NaN, which core refuses in its own words. */
function wholeNumber(text: string): number {
  return /^[0-9]+$/.test(text.trim()) ? Number(text) : Number.NaN;
}
