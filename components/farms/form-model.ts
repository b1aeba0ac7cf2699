/**
 * The farm form's own state: text as typed, so that a half-written number is never lost, and its way to and from the farm
 * document. Whether the result is a farm is judged by core alone (parseFarm); paths of its issues are the document's.
 */
import type { Farm } from "@/server/core/farm/types.ts";
import { type CheckDraft, checkOfDraft, draftOfCheck, emptyCheck } from "./check-draft.ts";
import {
  type DynamicDraft,
  draftOfDynamic,
  draftOfFailover,
  draftOfOutlier,
  dynamicOfDraft,
  emptyDynamic,
  emptyFailover,
  emptyOutlier,
  type FailoverDraft,
  failoverOfDraft,
  type OutlierDraft,
  outlierOfDraft,
} from "./follow-draft.ts";
import { draftOfPolicy, emptyPolicyDraft, type PolicyDraft, policyOfDraft } from "./policy-draft.ts";
import { type HashChoice, hashChoiceOf, hashFieldsOf } from "./scheduler-choices.ts";
import {
  draftOfPins,
  draftOfSorry,
  draftOfSticky,
  emptySorry,
  emptySticky,
  numberOf,
  type PinDraft,
  pinsOfDraft,
  type SorryDraft,
  type StickyDraft,
  sorryOfDraft,
  stickyOfDraft,
} from "./sticky-draft.ts";

export type BackendDraft = {
  /** uuid; also the row's key, so renaming or removing never renumbers the others */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly port: string;
  /** the port the client asked for goes on to the backend */
  readonly keepsPort: boolean;
  /** with source NAT: what this backend sees as the client; empty = as the farm says */
  readonly snatAddress: string;
  readonly weight: string;
  readonly tier: string;
  /** empty = no limit */
  readonly maxConnections: string;
  /** "none": as the farm */
  readonly check: CheckDraft;
};

export type FarmDraft = {
  readonly name: string;
  readonly enabled: boolean;
  readonly addresses: readonly string[];
  readonly protocol: Farm["protocol"];
  readonly ports: string;
  readonly everyPort: boolean;
  readonly forwarding: Farm["forwarding"];
  readonly snatAddress: string;
  readonly scheduler: Farm["scheduler"];
  readonly hashFields: HashChoice;
  readonly persistence: StickyDraft;
  readonly pins: readonly PinDraft[];
  readonly drainSticky: Farm["drainSticky"];
  readonly onAllDown: Farm["onAllDown"];
  readonly sorry: SorryDraft;
  readonly check: CheckDraft;
  readonly onDown: Farm["onDown"];
  readonly failover: FailoverDraft;
  readonly outlier: OutlierDraft;
  readonly dynamic: DynamicDraft;
  /** empty = never */
  readonly drainDeadlineS: string;
  readonly policy: PolicyDraft;
  readonly tags: string;
  readonly notes: string;
  readonly backends: readonly BackendDraft[];
};

export function draftOfFarm(farm: Farm): FarmDraft {
  return {
    name: farm.name,
    enabled: farm.enabled,
    addresses: farm.addresses,
    protocol: farm.protocol,
    ports: farm.ports.join(", "),
    everyPort: farm.ports.length === 0,
    forwarding: farm.forwarding,
    snatAddress: farm.snatAddress ?? "",
    scheduler: farm.scheduler,
    hashFields: hashChoiceOf(farm.hashFields),
    persistence: draftOfSticky(farm.persistence),
    pins: draftOfPins(farm),
    drainSticky: farm.drainSticky,
    onAllDown: farm.onAllDown,
    sorry: draftOfSorry(farm.sorryServer),
    check: draftOfCheck(farm.healthCheck),
    onDown: farm.onDown,
    failover: draftOfFailover(farm.failover),
    outlier: draftOfOutlier(farm.outlier),
    dynamic: draftOfDynamic(farm.dynamic),
    drainDeadlineS: farm.drainDeadlineS === null ? "" : String(farm.drainDeadlineS),
    policy: draftOfPolicy(farm.policy),
    tags: farm.tags.join(", "),
    notes: farm.notes,
    backends: farm.backends.map((backend) => ({
      id: backend.id,
      name: backend.name,
      address: backend.address,
      port: backend.port === null ? "" : String(backend.port),
      keepsPort: backend.port === null,
      snatAddress: backend.snatAddress ?? "",
      weight: String(backend.weight),
      tier: String(backend.tier),
      maxConnections: backend.maxConnections === null ? "" : String(backend.maxConnections),
      check: draftOfCheck(backend.healthCheck),
    })),
  };
}

/** Where a new farm starts: weighted tcp on port 80 with two empty backends of equal weight. */
export function emptyDraft(ids: readonly string[]): FarmDraft {
  return {
    name: "",
    enabled: true,
    addresses: [""],
    protocol: "tcp",
    ports: "80",
    everyPort: false,
    forwarding: "dnat",
    snatAddress: "",
    scheduler: "weighted",
    hashFields: "source-address",
    persistence: emptySticky,
    pins: [],
    drainSticky: "stay",
    onAllDown: "reject",
    sorry: emptySorry,
    check: emptyCheck,
    onDown: "keep",
    failover: emptyFailover,
    outlier: emptyOutlier,
    dynamic: emptyDynamic,
    drainDeadlineS: "",
    policy: emptyPolicyDraft,
    tags: "",
    notes: "",
    backends: ids.map((id, index) => emptyBackend(id, index)),
  };
}

export function emptyBackend(id: string, index: number, like?: BackendDraft): BackendDraft {
  const name = like === undefined ? `backend-${index + 1}` : nextName(like.name);
  return {
    id,
    name,
    address: "",
    port: like?.port ?? "80",
    keepsPort: like?.keepsPort ?? false,
    snatAddress: "",
    weight: "100",
    tier: "0",
    maxConnections: "",
    check: emptyCheck,
  };
}

/** A copy to start a new farm from: new ids, no address, since a VIP and port belong to one farm only. */
export function duplicateDraft(farm: Farm, newId: () => string): FarmDraft {
  const draft = draftOfFarm(farm);
  const name = `${farm.name.slice(0, 58)}-copy`;
  const ids = new Map(draft.backends.map(({ id }) => [id, newId()]));
  const idOf = (id: string) => ids.get(id) ?? id;
  return {
    ...draft,
    name,
    addresses: [""],
    pins: draft.pins.map((pin) => ({ ...pin, backendId: idOf(pin.backendId) })),
    backends: draft.backends.map((backend) => ({ ...backend, id: idOf(backend.id) })),
  };
}

/**
 * The document the draft stands for. What the form does not show (admin state, ...) is kept from the original.
 * A text that is no number becomes NaN, which core refuses in its own words.
 */
export function documentOfDraft(draft: FarmDraft, id: string, original: Farm | null): Record<string, unknown> {
  const everyPort = answersEveryPort(draft);
  const keepsPorts = keepsEveryPort(draft);
  const names = new Map(draft.backends.map((backend) => [backend.id, backend.name.trim()]));
  return {
    ...(original ?? {}),
    id,
    name: draft.name.trim(),
    enabled: draft.enabled,
    addresses: draft.addresses.map((address) => address.trim()),
    protocol: draft.protocol,
    ports: everyPort ? [] : words(draft.ports),
    forwarding: draft.forwarding,
    snatAddress: draft.forwarding === "snat" && draft.snatAddress.trim() !== "" ? draft.snatAddress.trim() : null,
    scheduler: draft.scheduler,
    hashFields: hashFieldsOf(draft.hashFields, original?.hashFields ?? null),
    persistence: stickyOfDraft(draft.persistence),
    pins: pinsOfDraft(draft.pins, (backendId) => names.get(backendId) ?? ""),
    drainSticky: draft.drainSticky,
    onAllDown: draft.onAllDown,
    sorryServer: sorryOfDraft(draft.sorry, everyPort),
    healthCheck: checkOfDraft(draft.check),
    onDown: draft.onDown,
    failover: failoverOfDraft(draft.failover),
    outlier: outlierOfDraft(draft.outlier),
    dynamic: dynamicOfDraft(draft.dynamic),
    drainDeadlineS: draft.drainDeadlineS.trim() === "" ? null : numberOf(draft.drainDeadlineS),
    maintenanceWindows: windowsOf(original, names),
    policy: policyOfDraft(draft.policy, draft.protocol === "tcp"),
    tags: words(draft.tags),
    notes: draft.notes,
    backends: draft.backends.map((backend) => ({
      ...original?.backends.find((candidate) => candidate.id === backend.id),
      id: backend.id,
      name: backend.name.trim(),
      address: backend.address.trim(),
      port: keepsPorts || backend.keepsPort ? null : numberOf(backend.port),
      snatAddress: draft.forwarding === "snat" && backend.snatAddress.trim() !== "" ? backend.snatAddress.trim() : null,
      weight: numberOf(backend.weight),
      tier: numberOf(backend.tier),
      maxConnections: backend.maxConnections.trim() === "" ? null : numberOf(backend.maxConnections),
      healthCheck: checkOfDraft(backend.check),
    })),
  };
}

/** Not every protocol has ports. */
export function answersEveryPort({ everyPort, protocol }: Pick<FarmDraft, "everyPort" | "protocol">): boolean {
  return everyPort || protocol === "all";
}

/** No backend can have a port of its own: every port is asked for, or the packet goes on as the client sent it. */
export function keepsEveryPort(draft: Pick<FarmDraft, "everyPort" | "protocol" | "forwarding">): boolean {
  return answersEveryPort(draft) || draft.forwarding === "dsr";
}

/** What the form can say better than the schema: an empty box is missing, not wrong. An empty port list must be meant. */
export function formIssues(draft: FarmDraft): Record<string, string> {
  const missing: Record<string, string> = {};
  if (!answersEveryPort(draft) && words(draft.ports).length === 0)
    missing.ports = "At least one port is needed, or choose every port";
  for (const [index, address] of draft.addresses.entries())
    if (address.trim() === "") missing[`addresses[${index}]`] = "An IPv4 or IPv6 address is needed";
  for (const [index, { address, port, keepsPort }] of draft.backends.entries()) {
    if (address.trim() === "") missing[`backends[${index}].address`] = "An IPv4 or IPv6 address is needed";
    if (!keepsEveryPort(draft) && !keepsPort && port.trim() === "")
      missing[`backends[${index}].port`] = "A port is needed, or keep the one the client asked";
  }
  for (const [index, { client }] of draft.pins.entries())
    if (client.trim() === "") missing[`pins[${index}].client`] = "An address, a prefix or a range is needed";
  return missing;
}

/** Moves one error to the field that shows it: lists typed into one box show their first entry's error there. */
export function fieldOfPath(path: string): string {
  return path.replace(
    /^(ports|tags|policy\.(allow|deny)|(?:backends\[\d+\]\.)?healthCheck\.(headers|statuses))\[.*$/,
    "$1",
  );
}

/** A window names its backend: it follows when that is renamed, and goes with it. */
function windowsOf(original: Farm | null, names: ReadonlyMap<string, string>): unknown {
  return original?.maintenanceWindows.flatMap((window) => {
    const id = original.backends.find(({ name }) => name === window.backend)?.id;
    if (window.backend === null || id === undefined) return [window];
    const name = names.get(id);
    return name === undefined ? [] : [{ ...window, backend: name }];
  });
}

function words(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== "");
}

/** web-1 -> web-2, web -> web-2 */
function nextName(name: string): string {
  const match = /^(.*?)(?:-?([0-9]+))?$/.exec(name);
  const stem = match?.[1] === undefined || match[1] === "" ? "backend" : match[1];
  return `${stem}-${Number(match?.[2] ?? "1") + 1}`;
}
