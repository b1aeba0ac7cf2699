/** The farm form in a conflict: a draft as comparable cells, and the draft that a set of choices makes. */
import type { Choice, Side } from "@/components/changes/three-way.ts";
import { usesHashFields } from "@/server/core/farm/hash-slots.ts";
import { checkText } from "./check-choices.ts";
import { dynamicSummary, failoverSummary, outlierSummary } from "./follow-draft.ts";
import type { BackendDraft, FarmDraft } from "./form-model.ts";
import { policyText } from "./policy-draft.ts";
import { stickyText } from "./sticky-draft.ts";

type Field = { readonly label: string; readonly keys: readonly (keyof FarmDraft)[]; text(draft: FarmDraft): string };

const fields: Readonly<Record<string, Field>> = {
  name: { label: "Name", keys: ["name"], text: (draft) => draft.name },
  enabled: { label: "Enabled", keys: ["enabled"], text: (draft) => (draft.enabled ? "yes" : "no") },
  addresses: { label: "Addresses", keys: ["addresses"], text: (draft) => draft.addresses.join(", ") },
  protocol: { label: "Protocol", keys: ["protocol"], text: (draft) => draft.protocol },
  ports: {
    label: "Ports",
    keys: ["ports", "everyPort"],
    text: (draft) => (draft.everyPort ? "every port" : draft.ports),
  },
  scheduler: {
    label: "Scheduler",
    keys: ["scheduler", "hashFields"],
    text: ({ scheduler, hashFields }) =>
      usesHashFields(scheduler) ? `${scheduler} by ${hashFields.replace(",", " and ")}` : scheduler,
  },
  forwarding: {
    label: "Forwarding",
    keys: ["forwarding", "snatAddress"],
    text: (draft) => (draft.forwarding === "snat" ? `snat, ${draft.snatAddress || "masquerade"}` : draft.forwarding),
  },
  persistence: {
    label: "Persistence",
    keys: ["persistence", "pins", "drainSticky"],
    text: ({ persistence, pins, drainSticky }) =>
      `${stickyText(persistence, 0)}; pins ${pins.map(({ client }) => client).join(", ") || "none"}; on drain they ${drainSticky}`,
  },
  sorry: {
    label: "Sorry server",
    keys: ["sorry"],
    text: ({ sorry }) => (sorry.address === "" ? "none" : `${sorry.address} port ${sorry.port || "as asked"}`),
  },
  onAllDown: { label: "When none serves", keys: ["onAllDown"], text: (draft) => draft.onAllDown },
  check: { label: "Health check", keys: ["check"], text: (draft) => checkText(draft.check) },
  failover: {
    label: "When a backend fails",
    keys: ["failover", "onDown", "drainDeadlineS"],
    text: ({ failover, onDown, drainDeadlineS }) => failoverSummary(failover, onDown, drainDeadlineS),
  },
  outlier: { label: "Ejection by real traffic", keys: ["outlier"], text: ({ outlier }) => outlierSummary(outlier) },
  dynamic: { label: "Measured weights", keys: ["dynamic"], text: ({ dynamic }) => dynamicSummary(dynamic, true) },
  policy: { label: "Filters and QoS", keys: ["policy"], text: (draft) => policyText(draft.policy) },
  tags: { label: "Tags", keys: ["tags"], text: (draft) => draft.tags || "none" },
  notes: { label: "Notes", keys: ["notes"], text: (draft) => draft.notes || "none" },
};

export function sideOfDraft(draft: FarmDraft): Side {
  const scalar = Object.entries(fields).map(
    ([key, field]) => [key, { label: field.label, text: field.text(draft) }] as const,
  );
  const backends = draft.backends.map(
    (backend) => [backendKey(backend), { label: backend.name, text: backendText(backend) }] as const,
  );
  return new Map([...scalar, ...backends]);
}

/** Theirs, with every row that takes "yours" replaced; backends only you added come last. */
export function mergeDrafts(yours: FarmDraft, theirs: FarmDraft, picks: ReadonlyMap<string, Choice>): FarmDraft {
  const mine = Object.entries(fields).flatMap(([key, field]) => (picks.get(key) === "yours" ? field.keys : []));
  const scalars = Object.fromEntries(mine.map((key) => [key, yours[key]]));
  const isMine = (backend: BackendDraft) => picks.get(backendKey(backend)) === "yours";
  const kept = theirs.backends.flatMap((backend) => {
    if (!isMine(backend)) return [backend];
    return yours.backends.filter((candidate) => candidate.id === backend.id);
  });
  const known = new Set(theirs.backends.map((backend) => backend.id));
  const added = yours.backends.filter((backend) => !known.has(backend.id) && isMine(backend));
  return { ...theirs, ...scalars, backends: [...kept, ...added] };
}

function backendKey(backend: BackendDraft): string {
  return `backend:${backend.id}`;
}

function backendText(backend: BackendDraft): string {
  const port = backend.keepsPort ? "port kept" : `:${backend.port}`;
  const place = `${backend.address}${port.startsWith(":") ? port : `, ${port}`}`;
  const more = [
    ...(backend.tier === "0" ? [] : [`tier ${backend.tier}`]),
    ...(backend.maxConnections === "" ? [] : [`at most ${backend.maxConnections} connections`]),
    ...(backend.check.type === "none" ? [] : [checkText(backend.check)]),
    ...(backend.snatAddress === "" ? [] : [`from ${backend.snatAddress}`]),
  ];
  return [backend.name, place, `weight ${backend.weight}`, ...more].join(", ");
}
