/** Filter, sort and selection of the farms table. Pure; the address of the page holds filter and sort. */
import { shownTime } from "@/components/farm-live/connect-source.ts";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import type { FarmWord } from "@/server/core/farm/types.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";

export const stateFilters = ["all", "up", "trouble", "draining", "not-checked", "stopped"] as const;
export type StateFilter = (typeof stateFilters)[number];

const sortKeys = ["name", "status", "serving", "newPerS", "active", "p95", "version"] as const;
export type SortKey = (typeof sortKeys)[number];
export type Sort = { readonly key: SortKey; readonly direction: "ascending" | "descending" };

export type ListQuery = { readonly text: string; readonly state: StateFilter; readonly sort: Sort };

export const plainQuery: ListQuery = { text: "", state: "all", sort: { key: "name", direction: "ascending" } };

type Rows = ReadonlyMap<string, FarmRow> | null;

const wordOrder: readonly FarmWord[] = [
  "down",
  "critical",
  "problem",
  "unknown",
  "not-checked",
  "maintenance",
  "stopped",
  "up",
];

export function parseQuery(params: URLSearchParams): ListQuery {
  const state = stateFilters.find((each) => each === params.get("state")) ?? "all";
  const [key, direction] = (params.get("sort") ?? "").split(".");
  const sortKey = sortKeys.find((each) => each === key);
  const sort: Sort =
    sortKey === undefined
      ? plainQuery.sort
      : { key: sortKey, direction: direction === "descending" ? "descending" : "ascending" };
  return { text: (params.get("q") ?? "").slice(0, 100), state, sort };
}

/** Only what differs from the plain list is written. */
export function queryText({ text, state, sort }: ListQuery): string {
  const params = new URLSearchParams();
  if (text !== "") params.set("q", text);
  if (state !== "all") params.set("state", state);
  if (sort.key !== plainQuery.sort.key || sort.direction !== plainQuery.sort.direction)
    params.set("sort", `${sort.key}.${sort.direction}`);
  const written = params.toString();
  return written === "" ? "" : `?${written}`;
}

export function matchesState(farm: FarmBrief, rows: Rows, state: StateFilter): boolean {
  const word = farm.enabled ? rows?.get(farm.id)?.word : "stopped";
  switch (state) {
    case "all":
      return true;
    case "up":
      return word === "up";
    case "trouble":
      return word === "down" || word === "critical" || word === "problem";
    case "draining":
      return farm.backends.some((backend) => backend.adminState === "drain");
    case "not-checked":
      return word === "not-checked" || word === "unknown";
    case "stopped":
      return word === "stopped" || word === "maintenance";
  }
}

/** By name, VIP, port or tag. */
function matchesText(farm: FarmBrief, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  const words = [farm.name, ...farm.addresses, ...farm.ports.map(String), ...farm.tags, farm.protocol, farm.scheduler];
  return words.some((word) => word.toLowerCase().includes(wanted));
}

export function listFarms(farms: readonly FarmBrief[], rows: Rows, query: ListQuery): FarmBrief[] {
  const found = farms.filter((farm) => matchesText(farm, query.text) && matchesState(farm, rows, query.state));
  const sign = query.sort.direction === "ascending" ? 1 : -1;
  return found.sort((a, b) => sign * compare(a, b, rows, query.sort.key) || byName(a, b));
}

const byName = (a: FarmBrief, b: FarmBrief): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function compare(a: FarmBrief, b: FarmBrief, rows: Rows, key: SortKey): number {
  if (key === "name") return byName(a, b);
  if (key === "version") return a.version - b.version;
  return numberOf(rows?.get(a.id), key) - numberOf(rows?.get(b.id), key);
}

/** What is not known sorts before every number. */
function numberOf(row: FarmRow | undefined, key: Exclude<SortKey, "name" | "version">): number {
  if (row === undefined) return -1;
  if (key === "status") return wordOrder.indexOf(row.word);
  if (key === "serving") return row.total === 0 ? 0 : row.serving / row.total;
  if (key === "p95") return shownTime(row).p95Ms ?? -1;
  return row[key] ?? -1;
}

/** Sum over the listed farms; what cannot be counted adds nothing, and null = none of them is known. */
export function totalOf(
  listed: readonly FarmBrief[],
  rows: Rows,
  key: "serving" | "newPerS" | "active",
): number | null {
  const known = listed.map((farm) => rows?.get(farm.id)?.[key] ?? null).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}

/** The same column again turns the direction; numbers begin with the largest. */
export function nextSort(sort: Sort, key: SortKey): Sort {
  if (sort.key === key) return { key, direction: sort.direction === "ascending" ? "descending" : "ascending" };
  return { key, direction: key === "name" || key === "status" ? "ascending" : "descending" };
}

/** Selection survives refresh, sort and filter; what no longer exists falls out. */
export function keepExisting(selected: ReadonlySet<string>, farms: readonly FarmBrief[]): ReadonlySet<string> {
  const ids = new Set(farms.map((farm) => farm.id));
  const kept = [...selected].filter((id) => ids.has(id));
  return kept.length === selected.size ? selected : new Set(kept);
}
