/** What the search box of every page offers: pages by their words, farms and backends as the server found them. Pure. */
import { backendHref } from "@/components/farm-live/farm-text.ts";
import type { Place } from "@/server/core/farm/find-places.ts";

export type FindOption = {
  readonly href: string;
  readonly name: string;
  /** what it is: "page", "farm", "backend of shop" */
  readonly what: string;
  /** addresses */
  readonly where: string;
};

const pages: readonly { readonly href: string; readonly name: string; readonly words: string }[] = [
  { href: "/", name: "Overview", words: "attention totals" },
  { href: "/farms", name: "Farms", words: "virtual services list" },
  { href: "/farms/new", name: "New farm", words: "create add" },
  { href: "/monitor", name: "Monitor", words: "backends down maintenance windows health" },
  { href: "/monitor?wall=1", name: "Wall mode", words: "monitor screen" },
  { href: "/lists", name: "Lists", words: "networks allow deny" },
  { href: "/lists/new", name: "New list", words: "create add" },
  { href: "/explain", name: "Explain a client", words: "which backend route" },
  { href: "/events", name: "Events", words: "log" },
  { href: "/history", name: "History", words: "revisions undo changes" },
  { href: "/settings", name: "Settings", words: "people accounts notifications prometheus metrics hosts agent" },
];

const tabs = [
  { part: "/weights", name: "Weights" },
  { part: "/settings", name: "Settings" },
  { part: "/ruleset", name: "Ruleset" },
  { part: "/history", name: "History" },
] as const;

/** Best first. A farm that is named, or the only one found, comes at once with its other pages. */
export function findOptions(search: string, places: readonly Place[]): FindOption[] {
  const text = search.trim().toLowerCase();
  const named = text === "" ? undefined : namedFarm(text, places);
  const others = places.filter((place) => place !== named).map(placeOption);
  const first = named === undefined ? [] : [placeOption(named), ...tabOptions(named)];
  return [...first, ...pageOptions(text), ...others];
}

function namedFarm(text: string, places: readonly Place[]): Place | undefined {
  const farms = places.filter(({ backend }) => backend === null);
  return farms.find(({ farmName }) => farmName === text) ?? (farms.length === 1 ? farms[0] : undefined);
}

function pageOptions(text: string): FindOption[] {
  const words = text.split(/\s+/).filter(Boolean);
  return pages
    .filter((page) => words.every((word) => `${page.name} ${page.words}`.toLowerCase().includes(word)))
    .map(({ href, name }) => ({ href, name, what: "page", where: "" }));
}

function placeOption({ farmId, farmName, backend, where }: Place): FindOption {
  return backend === null
    ? { href: `/farms/${farmId}`, name: farmName, what: "farm", where }
    : { href: backendHref(farmId, backend.id), name: backend.name, what: `backend of ${farmName}`, where };
}

function tabOptions({ farmId, farmName }: Place): FindOption[] {
  return tabs.map(({ part, name }) => ({
    href: `/farms/${farmId}${part}`,
    name: `${farmName}, ${name}`,
    what: "page of the farm",
    where: "",
  }));
}
