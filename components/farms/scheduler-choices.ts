/** Schedulers as the farm form offers them, and what a hash can go by. Pure. */
import type { Farm } from "@/server/core/farm/types.ts";

type Scheduler = Farm["scheduler"];
type Choice<T> = { readonly value: T; readonly label: string; readonly hint: string };

export const schedulers: readonly Choice<Scheduler>[] = [
  { value: "weighted", label: "Weighted", hint: "In turn, as often as the weight says: the share is exact." },
  { value: "round-robin", label: "Round robin", hint: "In turn, all alike; a weight only says whether it takes part." },
  { value: "random", label: "Random by weight", hint: "By chance; the share is met over many connections." },
  {
    value: "source-hash",
    label: "Source hash",
    hint: "A client keeps its backend. When one comes or goes, only its clients move. Shares are near the weights.",
  },
  {
    value: "maglev",
    label: "Maglev",
    hint: "A client keeps its backend. Shares are exact; when a backend comes or goes, a few other clients move too.",
  },
  {
    value: "symmetric-hash",
    label: "Symmetric hash",
    hint: "Both directions of a conversation meet the same backend. By addresses and ports; each balancer decides anew.",
  },
  {
    value: "least-connections",
    label: "Least connections",
    hint: "Weights follow the open connections of each backend; in turn by what comes out.",
  },
  {
    value: "least-response",
    label: "Least response time",
    hint: "Weights follow how fast each backend answers: real traffic where the kernel times it, else the probes.",
  },
  {
    value: "least-load",
    label: "Least load",
    hint: "Weights follow how busy each backend is, by node_exporter, agent-check or SNMP.",
  },
];

export type HashChoice = "source-address" | "source-address,source-port" | "source-port";

export const hashChoices: readonly Choice<HashChoice>[] = [
  { value: "source-address", label: "Client address", hint: "Every connection of a client meets the same backend." },
  {
    value: "source-address,source-port",
    label: "Client address and port",
    hint: "Connections of one client are spread: for few clients with many connections.",
  },
  { value: "source-port", label: "Client port", hint: "Spread by the client's port alone." },
];

/** However the fields were written. */
export function hashChoiceOf(fields: Farm["hashFields"]): HashChoice {
  if (!fields.includes("source-port")) return "source-address";
  return fields.includes("source-address") ? "source-address,source-port" : "source-port";
}

/** The original stays as it was written when it means the same. */
export function hashFieldsOf(choice: HashChoice, original: Farm["hashFields"] | null): Farm["hashFields"] {
  if (original !== null && hashChoiceOf(original) === choice) return original;
  if (choice === "source-address,source-port") return ["source-address", "source-port"];
  return [choice];
}
