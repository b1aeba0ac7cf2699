/**
 * Combinations explain themselves before they are refused: what core would say against a choice is asked before it is made. Fields
 * that are half written stand as if they were right, so that only the choice is judged. Nothing here knows a rule of its own.
 */
import { canonicalAddress, familyOf } from "@/server/core/farm/address.ts";
import { noPolicy } from "@/server/core/farm/policy.ts";
import { backendSchema, farmSchema } from "@/server/core/farm/schema.ts";
import type { Backend, Farm } from "@/server/core/farm/types.ts";
import { farmIssues } from "@/server/core/farm/validate.ts";
import type { Issue } from "@/server/core/result.ts";
import { type CheckDraft, standInCheck } from "./check-draft.ts";
import { documentOfDraft, type FarmDraft } from "./form-model.ts";

/** A choice: what it changes in the draft. */
export type Patch = (draft: FarmDraft) => FarmDraft;

/** Why a choice cannot be made, in core's words: what the farm would break that it does not break now. null = it can. */
export function reasonsAgainst(draft: FarmDraft): (patch: Patch) => string | null {
  let now: ReadonlySet<string> | null = null;
  return (patch) => {
    now ??= new Set(issuesOf(draft).map(keyOf));
    const known = now;
    return issuesOf(patch(draft)).find((issue) => !known.has(keyOf(issue)))?.message ?? null;
  };
}

function issuesOf(draft: FarmDraft): Issue[] {
  const farm = sketch(draft);
  return farm === null ? [] : farmIssues(farm);
}

function keyOf({ path, message }: Issue): string {
  return `${path} ${message}`;
}

const sketchId = "00000000-0000-4000-8000-000000000001";
const stand = { v4: { vip: "192.0.2.1", backend: "192.0.2.10" }, v6: { vip: "2001:db8::1", backend: "2001:db8::10" } };

/** The farm that the draft would be if each field were right by itself. */
function sketch(draft: FarmDraft): Farm | null {
  const document = documentOfDraft(draft, sketchId, null);
  const addresses = draft.addresses.flatMap(canonicalOrNothing);
  const vips = addresses.length > 0 ? addresses : [stand.v4.vip];
  const parsed = farmSchema.safeParse({
    ...document,
    name: "farm",
    tags: [],
    notes: "",
    addresses: vips,
    backends: kinds(document.backends, vips),
    ports: orElse(farmSchema.shape.ports, document.ports, [80]),
    persistence: orElse(farmSchema.shape.persistence, document.persistence, { by: draft.persistence.by }),
    pins: orElse(farmSchema.shape.pins, document.pins, []),
    sorryServer: orElse(farmSchema.shape.sorryServer, document.sorryServer, null),
    snatAddress: orElse(farmSchema.shape.snatAddress, document.snatAddress, null),
    healthCheck: standInCheck(draft.check),
    failover: orElse(farmSchema.shape.failover, document.failover, undefined),
    outlier: orElse(farmSchema.shape.outlier, document.outlier, {}),
    dynamic: orElse(farmSchema.shape.dynamic, document.dynamic, { load: standInLoad(draft) }),
    drainDeadlineS: orElse(farmSchema.shape.drainDeadlineS, document.drainDeadlineS, 1),
    policy: orElse(farmSchema.shape.policy, document.policy, noPolicy),
  });
  return parsed.success ? parsed.data : null;
}

function orElse(schema: { safeParse(value: unknown): { success: boolean } }, value: unknown, fallback: unknown) {
  return schema.safeParse(value).success ? value : fallback;
}

function canonicalOrNothing(text: string): string[] {
  const parsed = canonicalAddress(text.trim());
  return parsed.ok ? [parsed.value] : [];
}

function standInLoad({ dynamic: { load } }: FarmDraft): unknown {
  return load === "none" ? null : { type: load, port: 1 };
}

/** One backend of each kind is enough to judge a choice, however many there are. */
function kinds(backends: unknown, vips: readonly string[]): Backend[] {
  const shapes = new Map<string, Backend | null>();
  for (const each of Array.isArray(backends) ? (backends as readonly RawBackend[]) : []) {
    const type = each.healthCheck?.type ?? "none";
    const parsed = canonicalAddress(String(each.address));
    const family = parsed.ok ? familyOf(parsed.value) : 0;
    const kind = [family, each.port === null, each.maxConnections === null, type].join();
    if (!shapes.has(kind))
      shapes.set(kind, standIn({ ...each, healthCheck: standInCheck({ type }) }, shapes.size, vips));
  }
  return [...shapes.values()].filter((backend) => backend !== null);
}

/** As documentOfDraft writes it. */
type RawBackend = Record<string, unknown> & { readonly healthCheck: Pick<CheckDraft, "type"> | null };

/** Half-written names, addresses and numbers stand as right ones. */
function standIn(backend: Record<string, unknown>, at: number, vips: readonly string[]): Backend | null {
  const isV6 = vips.every((vip) => familyOf(vip) === 6);
  const address = canonicalAddress(String(backend.address)).ok
    ? backend.address
    : `${(isV6 ? stand.v6 : stand.v4).backend}${at}`;
  const { name, port, maxConnections } = backendSchema.shape;
  const parsed = backendSchema.safeParse({
    ...backend,
    name: orElse(name, backend.name, `backend-${at}`),
    address,
    weight: 1,
    tier: 0,
    port: orElse(port, backend.port, 80),
    maxConnections: orElse(maxConnections, backend.maxConnections, null),
    snatAddress: null,
  });
  return parsed.success ? parsed.data : null;
}
