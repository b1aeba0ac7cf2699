/**
 * No two farms may answer at the same (address, protocol, port), ranges and every port included, nor carry the same name. Disabled
 * farms count too, so that enabling one never fails. The index is never changed in place: `with` and `without` give a new one.
 */
import { PersistentMap } from "../persistent-map.ts";
import type { Issue } from "../result.ts";
import { answerClashes } from "./answer-places.ts";
import { joinPath, within } from "./issues.ts";
import { portRanges } from "./ports.ts";
import type { Farm, PortRange, Protocol } from "./types.ts";

/** What one farm takes at one of its addresses. */
type Claim = {
  readonly farmId: string;
  readonly farmName: string;
  readonly protocol: Protocol;
  readonly ranges: readonly PortRange[];
};

/** `farmId`: the farm that answers there. The path is that of the farm asked about. */
type BalancedTwice = { readonly farmId: string; readonly issue: Issue };

export class OverlapIndex {
  readonly #claims: PersistentMap<readonly Claim[]>;
  readonly #farmIdByName: PersistentMap<string>;
  readonly #farms: PersistentMap<Farm>;
  /** backend address -> farms that forward there without tracking: a farm is held against those it shares a backend with */
  readonly #stateless: PersistentMap<readonly Farm[]>;

  private constructor(
    claims: PersistentMap<readonly Claim[]>,
    farmIdByName: PersistentMap<string>,
    farms: PersistentMap<Farm>,
    stateless: PersistentMap<readonly Farm[]>,
  ) {
    this.#claims = claims;
    this.#farmIdByName = farmIdByName;
    this.#farms = farms;
    this.#stateless = stateless;
  }

  static empty(): OverlapIndex {
    return new OverlapIndex(PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty(), PersistentMap.empty());
  }

  /** Adds the farm, or replaces the one of the same id. */
  with(farm: Farm): OverlapIndex {
    const base = this.without(farm.id);
    const claim: Claim = { farmId: farm.id, farmName: farm.name, protocol: farm.protocol, ranges: claimedRanges(farm) };
    let claims = base.#claims;
    for (const address of new Set(farm.addresses))
      claims = claims.with(address, [...(claims.get(address) ?? []), claim]);
    let stateless = base.#stateless;
    for (const address of statelessPlaces(farm))
      stateless = stateless.with(address, [...(stateless.get(address) ?? []), farm]);
    return new OverlapIndex(
      claims,
      base.#farmIdByName.with(farm.name, farm.id),
      base.#farms.with(farm.id, farm),
      stateless,
    );
  }

  without(farmId: string): OverlapIndex {
    const farm = this.#farms.get(farmId);
    if (farm === undefined) return this;
    let claims = this.#claims;
    for (const address of farm.addresses) {
      const rest = (claims.get(address) ?? []).filter((claim) => claim.farmId !== farmId);
      claims = rest.length === 0 ? claims.without(address) : claims.with(address, rest);
    }
    const names =
      this.#farmIdByName.get(farm.name) === farmId ? this.#farmIdByName.without(farm.name) : this.#farmIdByName;
    let stateless = this.#stateless;
    for (const address of statelessPlaces(farm)) {
      const rest = (stateless.get(address) ?? []).filter(({ id }) => id !== farmId);
      stateless = rest.length === 0 ? stateless.without(address) : stateless.with(address, rest);
    }
    return new OverlapIndex(claims, names, this.#farms.without(farmId), stateless);
  }

  /** What stands against the farm beside all others (itself, by id, left out). Paths inside the farm: `name`, `addresses[0]`. */
  check(farm: Farm): Issue[] {
    const issues: Issue[] = [];
    const namesake = this.#farmIdByName.get(farm.name);
    if (namesake !== undefined && namesake !== farm.id)
      issues.push({ path: "name", message: `A farm named ${farm.name} exists already` });
    const ranges = claimedRanges(farm);
    for (const [at, address] of farm.addresses.entries()) {
      for (const claim of this.#claims.get(address) ?? []) {
        if (claim.farmId === farm.id || !sharesProtocol(claim.protocol, farm.protocol)) continue;
        const common = firstCommon(claim.ranges, ranges);
        if (common === null) continue;
        const where = `${address} ${portText(farm.protocol, common)}`;
        issues.push({
          path: joinPath("addresses", at),
          message: `${where} of farm ${farm.name} is taken by farm ${claim.farmName}`,
        });
      }
    }
    for (const other of this.#sharers(farm)) if (other.id !== farm.id) issues.push(...answerClashes(farm, other));
    return issues;
  }

  /**
   * Backends and sorry server of the farm that stand where another farm answers: a connection gets one backend and no second one, so it
   * would end at the balancer itself. At the same address another port may be somebody's.
   */
  balancedTwice(farm: Farm): BalancedTwice[] {
    const targets = farm.backends.map((backend, at) => ({
      ...backend,
      path: joinPath("backends", at),
      what: `Backend ${backend.name}`,
    }));
    const sorry = farm.sorryServer === null ? [] : [{ ...farm.sorryServer, path: "sorryServer", what: "Sorry server" }];
    return [...targets, ...sorry].flatMap(({ address, port, path, what }): BalancedTwice[] => {
      const claims = this.#claims.get(address);
      if (claims === undefined) return [];
      const ranges = port === null ? claimedRanges(farm) : [{ from: port, to: port }];
      return claims.flatMap(({ farmId, farmName, protocol, ranges: theirs }): BalancedTwice[] => {
        if (farmId === farm.id || !sharesProtocol(protocol, farm.protocol)) return [];
        const common = firstCommon(theirs, ranges);
        if (common === null) return [];
        const place = `${address} ${portText(farm.protocol, common)}`;
        const message = `${what} of farm ${farm.name} is ${place}, where farm ${farmName} answers: a connection is balanced once, so name the backends of ${farmName} themselves`;
        return [{ farmId, issue: { path: `${path}.address`, message } }];
      });
    });
  }

  /** Farms with a backend address in common where one of the two forwards without tracking, each once. */
  #sharers(farm: Farm): ReadonlySet<Farm> {
    const sharers = new Set<Farm>();
    const addresses = new Set(farm.backends.map(({ address }) => address));
    for (const address of addresses) for (const other of this.#stateless.get(address) ?? []) sharers.add(other);
    if (farm.forwarding !== "stateless") return sharers;
    for (const other of this.#farms.values())
      if (other.forwarding !== "stateless" && other.backends.some(({ address }) => addresses.has(address)))
        sharers.add(other);
    return sharers;
  }
}

/** Empty where connections are tracked, or answers do not pass here. */
function statelessPlaces({ forwarding, backends }: Farm): ReadonlySet<string> {
  return new Set(forwarding === "stateless" ? backends.map(({ address }) => address) : []);
}

/** All farms against each other; paths like `farms[3].addresses[0]`. */
export function overlaps(farms: readonly Farm[]): Issue[] {
  let index = OverlapIndex.empty();
  const issues: Issue[] = [];
  for (const [at, farm] of farms.entries()) {
    issues.push(...within(joinPath("farms", at), index.check(farm)));
    index = index.with(farm);
  }
  return issues;
}

const everyPort: readonly PortRange[] = [{ from: 0, to: 65_535 }];

function claimedRanges(farm: Farm): readonly PortRange[] {
  return farm.ports.length === 0 || farm.protocol === "all" ? everyPort : portRanges(farm.ports);
}

function sharesProtocol(a: Protocol, b: Protocol): boolean {
  return a === b || a === "all" || b === "all";
}

/** Both lists are sorted and merged. */
function firstCommon(a: readonly PortRange[], b: readonly PortRange[]): PortRange | null {
  let left = 0;
  let right = 0;
  for (;;) {
    const one = a[left];
    const other = b[right];
    if (one === undefined || other === undefined) return null;
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (from <= to) return { from, to };
    if (one.to < other.to) left++;
    else right++;
  }
}

function portText(protocol: Protocol, { from, to }: PortRange): string {
  if (from === 0) return `${protocol} every port`;
  return from === to ? `${protocol} port ${from}` : `${protocol} ports ${from}-${to}`;
}
