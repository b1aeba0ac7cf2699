/**
 * The farm document: `{ farms: [...] }`, as written by hand, imported and exported. Ids that are null or absent are matched by name
 * (farm by name, backend by name inside its farm) with what exists, otherwise they are new.
 */
import { fail, type Issue, invalid, ok, type Result } from "../result.ts";
import { joinPath, within } from "./issues.ts";
import { limits } from "./limits.ts";
import { OverlapIndex } from "./overlap.ts";
import type { Farm } from "./types.ts";
import { parseFarm } from "./validate.ts";

export type FarmDocument = { readonly farms: readonly Farm[] };

/**
 * All farms, or every issue of all of them with paths like `farms[0].backends[1].address`: what is wrong, what is not built yet, names
 * and places that are taken twice. "unsupported" only where nothing is wrong.
 */
export function parseDocument(input: unknown, newId: () => string, existing: readonly Farm[] = []): Result<Farm[]> {
  const shape = documentShape(input);
  if (!shape.ok) return shape;
  const byName = new Map(existing.map((farm) => [farm.name, farm]));
  const byId = new Map(existing.map((farm) => [farm.id, farm]));
  const placed: PlacedFarm[] = [];
  const wrong: Issue[] = [];
  const unsupported: Issue[] = [];
  for (const [at, item] of shape.value.entries()) {
    const parsed = parseFarm(withIds(item, newId, byName, byId));
    const path = joinPath("farms", at);
    if (parsed.ok) placed.push({ path, farm: parsed.value });
    else (parsed.error.code === "unsupported" ? unsupported : wrong).push(...within(path, parsed.error.issues ?? []));
  }
  wrong.push(...acrossIssues(placed));
  if (wrong.length > 0) return invalid([...wrong, ...unsupported]);
  const [first] = unsupported;
  if (first !== undefined) return fail("unsupported", `${first.path}: ${first.message}`, { issues: unsupported });
  return ok(placed.map(({ farm }) => farm));
}

/** Sorted by name. */
export function toDocument(farms: readonly Farm[]): FarmDocument {
  return { farms: [...farms].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

function documentShape(input: unknown): Result<readonly unknown[]> {
  if (!isRecord(input)) return invalid([{ path: "", message: "A farm document is an object with a list `farms`" }]);
  const unknown = Object.keys(input).filter((key) => key !== "farms");
  if (unknown.length > 0) return invalid(unknown.map((key) => ({ path: key.slice(0, 60), message: "Unknown field" })));
  const { farms } = input;
  if (!Array.isArray(farms)) return invalid([{ path: "farms", message: "Farms are a list" }]);
  if (farms.length > limits.farmsMax)
    return invalid([{ path: "farms", message: `At most ${limits.farmsMax} farms; these are ${farms.length}` }]);
  return ok(farms);
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
  const backends = placed.reduce((sum, { farm }) => sum + farm.backends.length, 0);
  if (backends > limits.backendsMax)
    issues.push({ path: "farms", message: `At most ${limits.backendsMax} backends in all; these are ${backends}` });
  return issues;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
