/** Which farm answers at an address, protocol and port, or the sentences that say why none does. */
import { portsText } from "../change/explain-fields.ts";
import { portRanges } from "../farm/ports.ts";
import type { Farm } from "../farm/types.ts";
import type { ClientQuery } from "./query.ts";

export type FoundFarm =
  | { readonly farm: Farm; readonly why: string }
  /** `farm`: the one that would be meant (stopped, or another port), null when nobody has the address */
  | { readonly farm: null; readonly nearest: Farm | null; readonly why: string };

/** Farms never overlap, so at most one answers. */
export function findFarm(farms: readonly Farm[], query: ClientQuery): FoundFarm {
  const atAddress = farms.filter((farm) => farm.addresses.includes(query.vip));
  const match = atAddress.find((farm) => hasProtocol(farm, query) && hasPort(farm, query.port));
  const place = `${query.vip} ${query.protocol} port ${query.port}`;
  if (match?.enabled) {
    const ports = portsText(match);
    const more = ports === `${query.protocol} port ${query.port}` ? "" : ` (${ports})`;
    return { farm: match, why: `Farm ${match.name} answers at ${place}${more}` };
  }
  if (match !== undefined)
    return { farm: null, nearest: match, why: `Farm ${match.name} has ${place}, but it is stopped (enabled is false)` };
  return { farm: null, nearest: atAddress[0] ?? null, why: missing(farms, atAddress, query) };
}

function missing(farms: readonly Farm[], atAddress: readonly Farm[], query: ClientQuery): string {
  const backendOf = farms.filter((farm) => farm.backends.some(({ address }) => address === query.vip));
  if (atAddress.length === 0 && backendOf.length > 0)
    return `${query.vip} is a backend (of ${names(backendOf)}), not an address of a farm: who connects there goes past the balancer`;
  if (atAddress.length === 0) return `No farm has the address ${query.vip}`;
  const sameProtocol = atAddress.filter((farm) => hasProtocol(farm, query));
  if (sameProtocol.length === 0)
    return `At ${query.vip} nobody answers ${query.protocol}; there is ${services(atAddress)}`;
  return `Port ${query.port} is outside what answers at ${query.vip}: ${services(sameProtocol)}`;
}

function hasProtocol(farm: Farm, query: ClientQuery): boolean {
  return farm.protocol === "all" || farm.protocol === query.protocol;
}

function hasPort(farm: Farm, port: number): boolean {
  if (farm.ports.length === 0 || farm.protocol === "all") return true;
  return portRanges(farm.ports).some(({ from, to }) => from <= port && port <= to);
}

function services(farms: readonly Farm[]): string {
  return farms.map((farm) => `${farm.name} (${portsText(farm)})`).join(", ");
}

function names(farms: readonly Farm[]): string {
  const shown = farms.slice(0, 3).map(({ name }) => name);
  return farms.length > 3 ? `${shown.join(", ")} and ${farms.length - 3} more` : shown.join(", ");
}
