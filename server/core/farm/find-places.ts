/**
 * Farms and backends by what people remember of them: a part of a name, an address, a port, a tag. Pure.
 *
 * Every word of the search must be there. What is named so comes before what is named similarly, farms before backends, else by name.
 */
import type { Farm } from "./types.ts";

export type Place = {
  readonly farmId: string;
  readonly farmName: string;
  /** null = the farm itself */
  readonly backend: { readonly id: string; readonly name: string } | null;
  /** addresses, as they are written */
  readonly where: string;
};

export type Places = { readonly places: readonly Place[] /** how many more there are */; readonly more: number };

type Named = Pick<Farm, "id" | "name" | "addresses" | "ports" | "tags" | "backends">;

/** `placesMax` at most. An empty search finds the first farms by name. */
export function findPlaces(farms: readonly Named[], search: string, placesMax: number): Places {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = farms.flatMap((farm) => [
    ...farmPlace(farm, words),
    ...(words.length === 0 ? [] : farm.backends.flatMap((backend) => backendPlace(farm, backend, words))),
  ]);
  found.sort((a, b) => a.rank - b.rank || compare(a.name, b.name) || compare(a.place.farmName, b.place.farmName));
  return {
    places: found.slice(0, placesMax).map(({ place }) => place),
    more: Math.max(0, found.length - placesMax),
  };
}

type Ranked = { readonly place: Place; readonly name: string; readonly rank: number };

function farmPlace(farm: Named, words: readonly string[]): Ranked[] {
  const where = farm.addresses.map((address) =>
    socketText(address, farm.ports.length === 0 ? null : farm.ports.join(",")),
  );
  const rank = rankOf(farm.name, [...where, ...farm.addresses, ...farm.tags].join(" "), words);
  if (rank === null) return [];
  const place = { farmId: farm.id, farmName: farm.name, backend: null, where: where.join(", ") };
  return [{ place, name: farm.name, rank: rank * 2 }];
}

function backendPlace(farm: Named, backend: Named["backends"][number], words: readonly string[]): Ranked[] {
  const { id, name, address, port } = backend;
  const where = socketText(address, port === null ? null : String(port));
  const rank = rankOf(name, `${where} ${address} ${farm.name}`, words);
  // the farm stands for its backends where nothing of the backend itself was asked for
  if (rank === null || !words.some((word) => `${name} ${where} ${address}`.toLowerCase().includes(word))) return [];
  const place = { farmId: farm.id, farmName: farm.name, backend: { id, name }, where };
  return [{ place, name, rank: rank * 2 + 1 }];
}

/** 0 named so, 1 its name begins so, 2 its name has it, 3 found elsewhere; null = not found. */
function rankOf(name: string, rest: string, words: readonly string[]): number | null {
  const lower = name.toLowerCase();
  const all = `${lower} ${rest.toLowerCase()}`;
  if (!words.every((word) => all.includes(word))) return null;
  return Math.min(3, ...words.map((word) => nameRank(lower, word)));
}

function nameRank(name: string, word: string): number {
  if (name === word) return 0;
  return name.startsWith(word) ? 1 : name.includes(word) ? 2 : 3;
}

/** [2001:db8::1]:80; without a port the bare address. */
function socketText(address: string, port: string | null): string {
  if (port === null) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
