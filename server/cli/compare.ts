/**
 * A document against the farms and lists a balancer has: which operations would make them equal, and what differs, field by field. Pure.
 * Farms are matched by id, else by name (a document of another balancer has other ids for the same farm); farms the document does
 * not name are left alone unless they shall go. The same for lists; one that a farm of the document refers to stays.
 */
import { canonicalJson } from "../core/change/digest.ts";
import type { Operation } from "../core/change/operation.ts";
import { listNamesOf, type NamedList } from "../core/farm/named-list.ts";
import { networksMinus } from "../core/farm/networks.ts";
import type { Backend, Farm } from "../core/farm/types.ts";
import type { FarmsAnswer } from "../wire/agent.ts";
import type { VersionedFarm } from "./names.ts";

export type FieldDifference = { readonly path: string; readonly before: unknown; readonly after: unknown };
export type FarmDifference = {
  readonly kind: "new" | "changed" | "removed";
  readonly farm: Farm;
  /** of a changed farm; paths like `backends.web-1.weight` */
  readonly fields: readonly FieldDifference[];
};
export type ListDifference = {
  readonly kind: "new" | "changed" | "removed";
  readonly list: NamedList;
  /** networks, of a changed list */
  readonly added: readonly string[];
  readonly gone: readonly string[];
  /** name and notes */
  readonly fields: readonly FieldDifference[];
};
export type Comparison = {
  readonly operations: readonly Operation[];
  readonly differences: readonly FarmDifference[];
  readonly lists: readonly ListDifference[];
  /** farms the balancer has and the document does not, which stay */
  readonly leftAlone: readonly string[];
};

type Document = { readonly farms: readonly Farm[]; readonly lists: readonly NamedList[] };

export function compare(
  document: Document,
  running: Pick<FarmsAnswer, "farms" | "lists">,
  isPruned: boolean,
): Comparison {
  const lists = compareLists(document, running.lists, isPruned);
  const farms = compareFarms(document.farms, running.farms, isPruned);
  const { differences, leftAlone } = farms;
  return {
    operations: [...lists.operations, ...farms.operations],
    differences,
    lists: lists.differences,
    leftAlone,
  };
}

function compareLists(document: Document, running: FarmsAnswer["lists"], isPruned: boolean) {
  const operations: Operation[] = [];
  const differences: ListDifference[] = [];
  const ids = new Set(running.map(({ list }) => list.id));
  const kept = new Set<string>();
  for (const written of document.lists) {
    const known =
      running.find(({ list }) => list.id === written.id) ??
      (ids.has(written.id) ? undefined : running.find(({ list }) => list.name === written.name));
    const list = known === undefined ? written : { ...written, id: known.list.id };
    kept.add(list.id);
    if (known !== undefined && canonicalJson(known.list) === canonicalJson(list)) continue;
    operations.push({ type: "put-list", base: known?.version ?? null, list });
    differences.push(known === undefined ? plain("new", list) : changedList(known.list, list));
  }
  const used = new Set(document.farms.flatMap(listNamesOf));
  for (const { list, version } of running) {
    if (!isPruned || kept.has(list.id) || used.has(list.name)) continue;
    operations.push({ type: "remove-list", base: version, listId: list.id });
    differences.push(plain("removed", list));
  }
  return { operations, differences };
}

function plain(kind: "new" | "removed", list: NamedList): ListDifference {
  return { kind, list, added: [], gone: [], fields: [] };
}

function changedList(before: NamedList, after: NamedList): ListDifference {
  const fields = (["name", "notes"] as const).flatMap((path) =>
    before[path] === after[path] ? [] : [{ path, before: before[path], after: after[path] }],
  );
  const added = networksMinus(after.networks, before.networks);
  const gone = networksMinus(before.networks, after.networks);
  return { kind: "changed", list: after, added, gone, fields };
}

function compareFarms(
  document: readonly Farm[],
  running: readonly VersionedFarm[],
  isPruned: boolean,
): Omit<Comparison, "lists"> {
  const adopted = adoptIds(document, running);
  const byId = new Map(running.map((each) => [each.farm.id, each]));
  const kept = new Set(adopted.map(({ id }) => id));
  const others = running.filter(({ farm }) => !kept.has(farm.id));
  const operations: Operation[] = [];
  const differences: FarmDifference[] = [];
  if (isPruned)
    for (const { farm, version } of others) {
      operations.push({ type: "remove-farm", base: version, farmId: farm.id });
      differences.push({ kind: "removed", farm, fields: [] });
    }
  for (const farm of adopted) {
    const known = byId.get(farm.id);
    const fields = known === undefined ? [] : fieldDifferences(known.farm, farm);
    if (known !== undefined && fields.length === 0) continue;
    operations.push({ type: "put-farm", base: known?.version ?? null, farm });
    differences.push({ kind: known === undefined ? "new" : "changed", farm, fields });
  }
  return { operations, differences, leftAlone: isPruned ? [] : others.map(({ farm }) => farm.name) };
}

/** A farm whose id the balancer does not know, but whose name it does, is that farm; its backends go by their names as well. */
function adoptIds(document: readonly Farm[], running: readonly VersionedFarm[]): Farm[] {
  const ids = new Set(running.map(({ farm }) => farm.id));
  const byName = new Map(running.map(({ farm }) => [farm.name, farm]));
  const taken = new Set(document.map(({ id }) => id));
  return document.map((farm) => {
    const known = ids.has(farm.id) ? undefined : byName.get(farm.name);
    if (known === undefined || taken.has(known.id)) return farm;
    const backendIds = new Map(known.backends.map(({ name, id }) => [name, id]));
    const own = new Set(farm.backends.map(({ id }) => id));
    const backends = farm.backends.map((backend): Backend => {
      const id = backendIds.get(backend.name);
      return id === undefined || own.has(id) ? backend : { ...backend, id };
    });
    return { ...farm, id: known.id, backends };
  });
}

function fieldDifferences(before: Farm, after: Farm): FieldDifference[] {
  const differences: FieldDifference[] = [];
  compareValues("", withNamedBackends(before), withNamedBackends(after), differences);
  const order = ({ backends }: Farm) => backends.map(({ id }) => id);
  const kept = new Set(order(after).filter((id) => order(before).includes(id)));
  const orderOf = (farm: Farm) => order(farm).filter((id) => kept.has(id));
  if (orderOf(before).join() !== orderOf(after).join())
    differences.push({ path: "backends", before: "in another order", after: namesOf(after) });
  return differences;
}

function namesOf(farm: Farm): string {
  return farm.backends.map(({ name }) => name).join(", ");
}

/** Backends by id, shown by the name they have now: a renamed one is one field, not a backend that goes and one that comes. */
function withNamedBackends(farm: Farm): Record<string, unknown> {
  return { ...farm, backends: Object.fromEntries(farm.backends.map((backend) => [backend.id, backend])) };
}

function compareValues(path: string, before: unknown, after: unknown, into: FieldDifference[]): void {
  if (canonicalJson(before) === canonicalJson(after)) return;
  if (!isObject(before) || !isObject(after)) {
    into.push({ path, before, after });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const shown = path === "backends" ? (nameOf(before[key]) ?? nameOf(after[key]) ?? key) : key;
    compareValues(path === "" ? shown : `${path}.${shown}`, before[key], after[key], into);
  }
}

function nameOf(value: unknown): string | null {
  return isObject(value) && typeof value.name === "string" ? value.name : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
