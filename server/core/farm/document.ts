/**
 * The farm document: `{ lists: [...], farms: [...] }`, as written by hand, imported and exported; `lists` may be absent. Ids that are
 * null or absent are matched by name (list and farm by name, backend by name inside its farm) with what exists, otherwise they are new.
 */
import { type Issue, invalid, ok, type Result } from "../result.ts";
import { joinPath, within } from "./issues.ts";
import { limits } from "./limits.ts";
import { type NamedList, parseNamedList, referenceIssues } from "./named-list.ts";
import { OverlapIndex } from "./overlap.ts";
import type { Farm } from "./types.ts";
import { parseFarm } from "./validate.ts";

export type FarmDocument = { readonly lists?: readonly NamedList[]; readonly farms: readonly Farm[] };

type Existing = { readonly farms?: readonly Farm[]; readonly lists?: readonly NamedList[] };

/**
 * All farms and lists, or every issue of all of them with paths like `farms[0].backends[1].address`: what is wrong, names and
 * places that are taken twice. Farms may refer to lists of the document and to existing ones.
 */
export function parseDocument(
  input: unknown,
  newId: () => string,
  existing: Existing = {},
): Result<{ readonly farms: Farm[]; readonly lists: NamedList[] }> {
  const shape = documentShape(input);
  if (!shape.ok) return shape;
  const byName = new Map(existing.farms?.map((farm) => [farm.name, farm]));
  const byId = new Map(existing.farms?.map((farm) => [farm.id, farm]));
  const placed: PlacedFarm[] = [];
  const { lists, issues: wrong } = parseLists(shape.value.lists, newId, existing.lists ?? []);
  for (const [at, item] of shape.value.farms.entries()) {
    const parsed = parseFarm(withIds(item, newId, byName, byId));
    const path = joinPath("farms", at);
    if (parsed.ok) placed.push({ path, farm: parsed.value });
    else wrong.push(...within(path, parsed.error.issues ?? []));
  }
  wrong.push(...acrossIssues(placed));
  const names = new Set([...lists, ...(existing.lists ?? [])].map(({ name }) => name));
  for (const { path, farm } of placed)
    wrong.push(
      ...within(
        path,
        referenceIssues(farm, (name) => names.has(name)),
      ),
    );
  if (wrong.length > 0) return invalid(wrong);
  return ok({ farms: placed.map(({ farm }) => farm), lists });
}

/** Sorted by name; without lists as it was before there were any. */
export function toDocument(farms: readonly Farm[], lists: readonly NamedList[] = []): FarmDocument {
  const byName = <T extends { readonly name: string }>(items: readonly T[]) =>
    [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { ...(lists.length === 0 ? {} : { lists: byName(lists) }), farms: byName(farms) };
}

type Shape = { readonly farms: readonly unknown[]; readonly lists: readonly unknown[] };

function documentShape(input: unknown): Result<Shape> {
  if (!isRecord(input)) return invalid([{ path: "", message: "A farm document is an object with a list `farms`" }]);
  const unknown = Object.keys(input).filter((key) => key !== "farms" && key !== "lists");
  if (unknown.length > 0) return invalid(unknown.map((key) => ({ path: key.slice(0, 60), message: "Unknown field" })));
  const { farms, lists = [] } = input;
  if (!Array.isArray(farms)) return invalid([{ path: "farms", message: "Farms are a list" }]);
  if (farms.length > limits.farmsMax)
    return invalid([{ path: "farms", message: `At most ${limits.farmsMax} farms; these are ${farms.length}` }]);
  if (!Array.isArray(lists)) return invalid([{ path: "lists", message: "Lists are a list" }]);
  if (lists.length > limits.listsMax)
    return invalid([{ path: "lists", message: `At most ${limits.listsMax} lists; these are ${lists.length}` }]);
  return ok({ farms, lists });
}

function parseLists(items: readonly unknown[], newId: () => string, existing: readonly NamedList[]) {
  const idsByName = new Map(existing.map(({ name, id }) => [name, id]));
  const lists: NamedList[] = [];
  const issues: Issue[] = [];
  for (const [at, item] of items.entries()) {
    const path = joinPath("lists", at);
    const known = isRecord(item) && typeof item.name === "string" ? idsByName.get(item.name) : undefined;
    const parsed = parseNamedList(isRecord(item) ? { ...item, id: item.id ?? known ?? newId() } : item);
    if (!parsed.ok) {
      issues.push(...within(path, parsed.error.issues ?? []));
      continue;
    }
    const { id, name } = parsed.value;
    if (lists.some((list) => list.name === name))
      issues.push({ path: `${path}.name`, message: `List name ${name} is there twice` });
    if (lists.some((list) => list.id === id)) issues.push({ path: `${path}.id`, message: `Id ${id} is there twice` });
    lists.push(parsed.value);
  }
  return { lists, issues };
}

/** The ids stand first so that what comes after is parsed like any other farm; what is no object stays as it is. */
function withIds(
  item: unknown,
  newId: () => string,
  byName: ReadonlyMap<string, Farm>,
  byId: ReadonlyMap<string, Farm>,
): unknown {
  if (!isRecord(item)) return item;
  const known =
    typeof item.id === "string" ? byId.get(item.id) : typeof item.name === "string" ? byName.get(item.name) : undefined;
  const backends = item.backends;
  const ids = new Map(known?.backends.map((backend) => [backend.name, backend.id]));
  return {
    ...item,
    id: item.id ?? known?.id ?? newId(),
    ...(Array.isArray(backends) ? { backends: backends.map((backend) => withBackendId(backend, newId, ids)) } : {}),
  };
}

function withBackendId(item: unknown, newId: () => string, ids: ReadonlyMap<string, string>): unknown {
  if (!isRecord(item)) return item;
  const known = typeof item.name === "string" ? ids.get(item.name) : undefined;
  return { ...item, id: item.id ?? known ?? newId() };
}

type PlacedFarm = { readonly path: string; readonly farm: Farm };

/** Farms against each other; those that are wrong by themselves are not among them. */
function acrossIssues(placed: readonly PlacedFarm[]): Issue[] {
  const issues: Issue[] = [];
  let index = OverlapIndex.empty();
  const farmIds = new Set<string>();
  const owners = new Map<string, string>();
  for (const { path, farm } of placed) {
    issues.push(...within(path, index.check(farm)));
    index = index.with(farm);
    if (farmIds.has(farm.id)) issues.push({ path: `${path}.id`, message: `Id ${farm.id} is there twice` });
    farmIds.add(farm.id);
    for (const [at, { id }] of farm.backends.entries()) {
      const owner = owners.get(id);
      if (owner !== undefined)
        issues.push({
          path: `${path}.${joinPath("backends", at)}.id`,
          message: `Backend id ${id} stands in ${owner} too`,
        });
      owners.set(id, `farm ${farm.name}`);
    }
  }
  for (const { path, farm } of placed)
    issues.push(
      ...within(
        path,
        index.balancedTwice(farm).map(({ issue }) => issue),
      ),
    );
  const backends = placed.reduce((sum, { farm }) => sum + farm.backends.length, 0);
  if (backends > limits.backendsMax)
    issues.push({ path: "farms", message: `At most ${limits.backendsMax} backends in all; these are ${backends}` });
  return issues;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
