/**
 * Filters of a farm, before anything is balanced. Order: what is broken, who may come at all, then limits of one client before that of
 * the whole farm, so that one loud client does not use up what the others share. A set that is full lets newcomers pass unlimited.
 * Behind a SYN proxy a client's SYN is not tracked and its proof is invalid to connection tracking: both are the proxy's. The proxied
 * SYN passes here again, in output, as a new connection: limits of one client count that one, the farm's SYN limit the client's own.
 * What a named list turns away is counted for this farm and this list alone, beside what the farm's own denied networks do.
 * A limit lives in the elements of its set: its number stands in the set's comment, so that another number is another set.
 */
import { markText } from "../../allocation/marks.ts";
import { networksOf, referencesOf } from "../../farm/networks.ts";
import { turnsAway } from "../../farm/policy.ts";
import type { Family } from "../../farm/types.ts";
import type { FarmObject } from "../model.ts";
import { signed } from "../signature.ts";
import { countDenial, countTurned, logPrefix, type TurnReason } from "../turned.ts";
import { guardDispatch } from "./dispatch.ts";
import { listSetName } from "./lists.ts";
import { farmChain, farmObject, nothingOwn, type OwnOutput, type PartInput } from "./part.ts";

/** Clients that one limit knows at once. */
const limitedClientsMax = 65_536;

export function guardPart(input: PartInput): OwnOutput {
  const { farm, families } = input;
  if (!turnsAway(farm.policy)) return nothingOwn;
  const objects = new Map<string, FarmObject>();
  const chains = new Map<string, readonly string[]>();
  const lists = new Set<string>();
  for (const family of families) {
    const guard = new Guard(input, family, objects, lists);
    for (const [name, rules] of guard.chains()) chains.set(name, rules.map(signed));
  }
  const elements = guardDispatch(input);
  return { features: farm.enabled ? ["guard"] : [], objects, chains, elements, lists: [...lists] };
}

/** Writes the rules of one family and declares the sets they use. */
class Guard {
  readonly #input: PartInput;
  readonly #family: Family;
  readonly #objects: Map<string, FarmObject>;
  readonly #lists: Set<string>;
  readonly #source: string;

  constructor(input: PartInput, family: Family, objects: Map<string, FarmObject>, lists: Set<string>) {
    this.#input = input;
    this.#family = family;
    this.#objects = objects;
    this.#lists = lists;
    this.#source = family === 4 ? "ip saddr" : "ip6 saddr";
  }

  /** The farm's chain first; then those that log and end a packet's way. */
  chains(): [string, readonly string[]][] {
    const rules = [...this.#invalid(), ...this.#clients(), ...this.#sourceLimits(), ...this.#farmLimit()];
    return [...this.#endings(), [this.#chain("guard"), rules]];
  }

  #invalid(): string[] {
    const { dropInvalid, synProxy } = this.#input.farm.policy;
    if (!dropInvalid) return [];
    const flags = this.#input.farm.protocol === "tcp" || this.#input.farm.protocol === "all" ? bogusFlags : [];
    return [...(synProxy ? [] : ["ct state invalid"]), ...flags].map((match) => this.#drop(match, "invalid"));
  }

  #clients(): string[] {
    const { allow, deny } = this.#input.farm.policy;
    const rules: string[] = [];
    if (allow.length > 0) rules.push(this.#drop(this.#notAllowed(allow), "not-allowed"));
    const denied = networksOf(deny, this.#family);
    if (denied.length > 0) rules.push(this.#drop(`${this.#source} @${this.#list("deny", denied)}`, "denied"));
    for (const name of referencesOf(deny)) rules.push(this.#denyListed(name));
    return rules;
  }

  /** In none of the sets; without references the own one says it even when it is empty. */
  #notAllowed(allow: readonly string[]): string {
    const names = referencesOf(allow);
    const own = networksOf(allow, this.#family);
    const sets = [
      ...(own.length > 0 || names.length === 0 ? [this.#list("allow", allow)] : []),
      ...names.map((name) => this.#listed(name)),
    ];
    return sets.map((set) => `${this.#source} != @${set}`).join(" ");
  }

  #denyListed(name: string): string {
    const { tag, own } = this.#input;
    const number = own.denials.get(name);
    if (number === undefined) throw new Error(`list ${name} has no counter in farm ${this.#input.farm.id}`);
    return this.#counted(`${this.#source} @${this.#listed(name)}`, countDenial(tag, number), "drop");
  }

  /** The set of a named list, which is there because this farm names it. */
  #listed(name: string): string {
    const number = this.#input.lists.get(name);
    if (number === undefined) throw new Error(`list ${name} is not allocated`);
    const set = listSetName(number, this.#family);
    this.#lists.add(set);
    return set;
  }

  #sourceLimits(): string[] {
    const { newPerSecondPerSource: perS, connectionsPerSource: open } = this.#input.farm.policy;
    const rules: string[] = [];
    if (perS !== null) {
      const set = this.#limited("rate", "flags dynamic,timeout", `over ${perS}/second`);
      const limit = `limit rate over ${perS}/second burst ${perS} packets`;
      rules.push(this.#drop(`${this.#fresh()} update @${set} { ${this.#source} timeout 60s ${limit} }`, "source-rate"));
    }
    if (open !== null) {
      const set = this.#limited("conn", "flags dynamic", `over ${open}`);
      const match = `${this.#fresh()} add @${set} { ${this.#source} ct count over ${open} }`;
      const end = this.#input.farm.protocol === "tcp" ? "reset" : "drop";
      rules.push(this.#turnAway(match, "source-connections", end));
    }
    return rules;
  }

  /** One limit for both families: one element of one set, under a key that says nothing. */
  #farmLimit(): string[] {
    const { synPerSecond, synProxy } = this.#input.farm.policy;
    if (synPerSecond === null) return [];
    const options = ["size 16", "flags dynamic", `comment "over ${synPerSecond}/second"`];
    const set = this.#declare("syn", { kind: "set", type: "mark", options }, new Map(), 4);
    const limit = `limit rate over ${synPerSecond}/second burst ${synPerSecond} packets`;
    const match = `${synProxy ? "ct state untracked " : ""}tcp flags & (fin|syn|rst|ack) == syn add @${set} { 0x1 ${limit} }`;
    return [this.#drop(match, "syn-limit")];
  }

  /** The first packets of a connection that was not given to a backend yet: a mark of ours is set with the decision. */
  #fresh(): string {
    return `ct state new ct mark & 0x7f000000 != ${markText(this.#input.tag << 24)}`;
  }

  #drop(match: string, reason: TurnReason): string {
    return this.#turnAway(match, reason, "drop");
  }

  #turnAway(match: string, reason: TurnReason, end: "drop" | "reset"): string {
    return this.#counted(match, countTurned(this.#input.tag, this.#input.own.number, reason), end);
  }

  #counted(match: string, count: string, end: "drop" | "reset"): string {
    const isLogged = this.#input.farm.policy.logPerSecond !== null;
    const verdict = isLogged ? `goto ${this.#chain(end === "drop" ? "away" : "awayrst")}` : endings[end];
    return `${match} ${count} ${verdict}`;
  }

  /** Chains of their own, because a line that is not written for its rate must not save the packet. */
  #endings(): [string, readonly string[]][] {
    const { logPerSecond, connectionsPerSource } = this.#input.farm.policy;
    if (logPerSecond === null) return [];
    const rate = `limit rate ${logPerSecond}/second burst ${logPerSecond} packets`;
    const log = `${rate} log prefix "${logPrefix(this.#input.own.number)}" level info`;
    const usesReset = connectionsPerSource !== null && this.#input.farm.protocol === "tcp";
    return [
      [this.#chain("away"), [log, endings.drop]],
      ...(usesReset ? [[this.#chain("awayrst"), [log, endings.reset]] as [string, string[]]] : []),
    ];
  }

  #list(prefix: string, networks: readonly string[]): string {
    const elements = new Map(networksOf(networks, this.#family).map((network) => [network, ""] as const));
    return this.#declare(prefix, { kind: "set", type: this.#type(), options: ["flags interval"] }, elements);
  }

  #limited(prefix: string, flags: string, limit: string): string {
    const options = [`size ${limitedClientsMax}`, flags, `comment "${limit}"`];
    return this.#declare(prefix, { kind: "set", type: this.#type(), options });
  }

  #declare(
    prefix: string,
    declaration: FarmObject["declaration"],
    elements: FarmObject["elements"] = new Map(),
    family = this.#family,
  ): string {
    const [name, object] = farmObject(prefix, this.#input.own.number, family, declaration, elements);
    this.#objects.set(name, object);
    return name;
  }

  #type(): string {
    return this.#family === 4 ? "ipv4_addr" : "ipv6_addr";
  }

  #chain(prefix: string): string {
    return farmChain(this.#input.own.number, this.#family, prefix);
  }
}

const endings = { drop: "drop", reset: "meta l4proto tcp reject with tcp reset" } as const;

/** Opened and closed, opened and reset at once; none at all; the "Christmas tree". */
const bogusFlags: readonly string[] = [
  "tcp flags & (fin|syn) == (fin|syn)",
  "tcp flags & (syn|rst) == (syn|rst)",
  "tcp flags & (fin|syn|rst|psh|ack|urg) == 0x0",
  "tcp flags & (fin|psh|urg) == (fin|psh|urg)",
];
