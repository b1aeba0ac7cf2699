/** Why packets are turned away, in words. */
import type { TurnReason } from "../ruleset/turned.ts";

/** `list`: the named list that denied them. */
export function turnedText({ reason, list }: { readonly reason: TurnReason; readonly list?: string }): string {
  return list === undefined ? words[reason] : `Denied by the list ${list}`;
}

const words: Readonly<Record<TurnReason, string>> = {
  invalid: "Invalid packets and bogus TCP flags",
  "not-allowed": "Clients not on the allow list",
  denied: "Denied clients",
  "source-rate": "New connections above a client's rate",
  "source-connections": "Connections above a client's number",
  "syn-limit": "SYN packets above the farm's rate",
  "backends-full": "Connections with every backend at its limit",
};
