/** What saving a change of a field does to connections that are open now. Said at the field, before the review. */
import type { FarmDraft } from "./form-model.ts";

const effects: Partial<Record<keyof FarmDraft, string>> = {
  addresses: "Connections open at an address you take away stay; new ones are no longer balanced there.",
  protocol: "Open connections stay with their backend; new ones follow the new protocol.",
  ports: "Connections open at a port you take away stay; new ones are no longer balanced there.",
  everyPort: "Open connections stay with their backend.",
  forwarding: "New connections only: open ones keep the way they came.",
  snatAddress: "New connections only: open ones keep their source address.",
  scheduler: "New connections only: open ones stay with their backend.",
  hashFields: "New connections only: clients are dealt anew, open connections stay with their backend.",
  policy:
    "Lists and invalid packets: from the next packet on, open connections included. Limits: new connections only; a limit with another number counts anew.",
  persistence: "Open connections stay. With another key, prefix or size what was remembered is forgotten.",
  drainSticky: "Counts while a backend drains; open connections stay.",
  check: "Open connections stay. A backend keeps its state until the new check has been asked often enough.",
  onDown: "Counts when a backend goes down from now on.",
  failover: "Counts from the next change of a state on.",
  outlier: "Counts from the next opens on; who is out is taken back when it is switched off.",
  dynamic: "New connections only, from the next measurement on.",
  drainDeadlineS: "Counts for drains under way too, from when they began.",
  onAllDown: "Counts only while no backend serves.",
};

const untracked =
  "From the next packet on: an open connection whose packets now go elsewhere ends, because nothing is remembered of it.";

export function effectOf(key: keyof FarmDraft, draft: FarmDraft): string | null {
  if (key === "enabled")
    return draft.enabled ? "New connections are taken again." : "New connections are no longer taken; open ones stay.";
  if (draft.forwarding === "dsr" && key === "forwarding")
    return "Connections that are open now end: they are not known in the other way.";
  if (draft.forwarding === "stateless" && key in effects && key !== "onAllDown") return untracked;
  return effects[key] ?? null;
}
