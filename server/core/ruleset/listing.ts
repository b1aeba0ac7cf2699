/**
 * What `nft -j list` says, back into the model. Listings are the kernel's word and are parsed, not trusted: what is not understood is
 * named, never guessed. Text forms equal those of compile, so that drift is a comparison of text.
 */
import { idOfMark } from "../allocation/marks.ts";
import { fail, ok, type Result } from "../result.ts";
import {
  bare,
  type ElementShape,
  elementText,
  isJson,
  isObjectName,
  type Json,
  listingItems,
  shapeOf,
} from "./listing-json.ts";
import { farmRuleText } from "./listing-rule.ts";
import { type ListingListener, ListingStream } from "./listing-stream.ts";
import {
  type FlatRuleset,
  features,
  isDynamic,
  isNetdev,
  type ListedObject,
  layoutChain,
  type ObjectName,
  objectNames,
  tableName,
} from "./model.ts";
import { featureChains } from "./parts/features.ts";
import { fixedChains, objects } from "./parts/skeleton.ts";
import { keyOfComment } from "./signature.ts";

export type Listing = {
  readonly flat: FlatRuleset;
  /** the layout marker is there: our maps and hooks have the shape this version knows */
  readonly hasLayout: boolean;
  /** objects of the skeleton that are missing */
  readonly missing: readonly string[];
  /** chains, sets, maps and elements in our table that are not ours */
  readonly foreign: readonly string[];
  /** fixed chain -> canonical text of its hook and rules without handles and counters: compare with the listing after our own load */
  readonly fixedRules: ReadonlyMap<string, string>;
};

export type Counter = { readonly packets: number; readonly bytes: number };

/** `nft -j list table inet sluice`, and of the table netdev where there is one. null: there is no such table in the listing. */
export function parseTableListing(json: string, tag: number, netdevJson: string | null = null): Result<Listing | null> {
  const reading = new TableReading(tag);
  reading.feed(json);
  return reading.end(netdevJson);
}

/** The same of a listing that comes in pieces, of which none is kept. */
export class TableReading {
  readonly #reading: Reading;
  readonly #stream: ListingStream;

  constructor(tag: number) {
    this.#reading = new Reading(tag);
    this.#stream = new ListingStream(this.#reading);
  }

  /** `piece`: of the listing of the table inet, cut anywhere */
  feed(piece: string): void {
    this.#stream.feed(piece);
  }

  /** `netdevJson`: the listing of the table netdev; null where there is none */
  end(netdevJson: string | null): Result<Listing | null> {
    if (!this.#stream.end()) return unreadable("no nftables list in it");
    if (!this.#reading.hasTable) return ok(null);
    const second = new ListingStream(this.#reading);
    if (netdevJson !== null) second.feed(netdevJson);
    if (netdevJson !== null && !second.end()) return unreadable("no nftables list of the table netdev in it");
    return ok(this.#reading.listing());
  }
}

/** `nft -j list map|set inet sluice NAME`: its elements as compile writes them. */
export function parseElements(json: string): Result<{ object: string; elements: ReadonlyMap<string, string> }> {
  const listed = onlyObject(json);
  const name = listed?.object.name;
  if (listed === null || typeof name !== "string" || !(isObjectName(name) || farmObjectPattern.test(name)))
    return unreadable("none of our maps or sets in it");
  const shape = shapeOf(listed.kind, listed.object);
  const elements = new Map<string, string>();
  for (const item of elementsOf(listed.object)) {
    const element = elementText(shape, item);
    if (element === null) return unreadable(`an element of ${name} is of an unknown form`);
    elements.set(element[0], element[1]);
  }
  return ok({ object: name, elements });
}

/** `nft -j list map|set inet sluice be4|ba4|be6|ba6|bin|bout`: backend id -> counter. Marks of others are left out. */
export function parseCounters(json: string, tag: number): Result<Map<number, Counter>> {
  const listed = onlyObject(json);
  if (listed === null) return unreadable("no map or set in it");
  const counters = new Map<number, Counter>();
  for (const item of elementsOf(listed.object)) {
    const element = Array.isArray(item) ? item[0] : item;
    if (!isJson(element) || !isJson(element.elem)) continue;
    const { val, counter } = element.elem;
    const id = typeof val === "number" ? idOfMark(tag, val) : null;
    if (id === null || !isJson(counter)) continue;
    const { packets, bytes } = counter;
    if (typeof packets === "number" && typeof bytes === "number") counters.set(id, { packets, bytes });
  }
  return ok(counters);
}

/** `nft -j list set` of a set of addresses that counts: address -> counter; empty when it is not understood. */
export function parseAddressCounters(json: string): Map<string, Counter> {
  const counters = new Map<string, Counter>();
  const listed = onlyObject(json);
  for (const item of listed === null ? [] : elementsOf(listed.object)) {
    if (!isJson(item) || !isJson(item.elem) || !isJson(item.elem.counter)) continue;
    const { val, counter } = item.elem;
    const { packets, bytes } = counter;
    if (typeof val === "string" && typeof packets === "number" && typeof bytes === "number")
      counters.set(val, { packets, bytes });
  }
  return counters;
}

/** Collects one table's listing. */
class Reading implements ListingListener {
  hasTable = false;
  /** where the elements go that come next */
  #open: OpenObject | null = null;
  readonly #tag: number;
  readonly #chains = new Map<string, string[]>();
  readonly #fixed = new Map<string, unknown[]>();
  readonly #objects = new Map<string, ListedObject>();
  readonly #elements = new Map<ObjectName, Map<string, string>>();
  readonly #foreign: string[] = [];
  readonly #fixedNames: ReadonlySet<string>;
  readonly #featureNames: ReadonlySet<string>;

  constructor(tag: number) {
    this.#tag = tag;
    this.#fixedNames = new Set(fixedChains(tag).map(({ name }) => name));
    this.#featureNames = new Set(features.flatMap((each) => featureChains(tag, each)).map(({ name }) => name));
  }

  item(item: Json): void {
    this.#open = null;
    this.hasTable ||= isJson(item.table) && isOurs({ ...item.table, table: item.table.name });
    if (isJson(item.chain) && isOurs(item.chain)) this.#chain(item.chain);
    else if (isJson(item.rule) && isOurs(item.rule)) this.#rule(item.rule);
    else if (isJson(item.map) && isOurs(item.map)) this.#object("map", item.map);
    else if (isJson(item.set) && isOurs(item.set)) this.#object("set", item.set);
  }

  element(item: unknown): void {
    if (this.#open === null) return;
    const { name, shape, elements } = this.#open;
    const element = elementText(shape, item);
    if (element === null) this.#foreign.push(`element of ${name}: ${JSON.stringify(bare(item)).slice(0, 100)}`);
    else elements.set(element[0], element[1]);
  }

  #chain(chain: Json): void {
    const name = String(chain.name);
    if (this.#fixedNames.has(name)) this.#fixed.set(name, [[chain.type, chain.hook, chain.prio, chain.policy]]);
    else if (farmChainPattern.test(name) || ingressPattern.test(name) || this.#featureNames.has(name))
      this.#chains.set(name, []);
    else this.#foreign.push(`chain ${name}`);
  }

  #rule(rule: Json): void {
    const name = String(rule.chain);
    const expressions = Array.isArray(rule.expr) ? rule.expr : [];
    this.#fixed.get(name)?.push(expressions.map(withoutCounter));
    this.#chains.get(name)?.push(keyOfComment(rule.comment) ?? farmRuleText(expressions));
  }

  #object(kind: "map" | "set", object: Json): void {
    const name = String(object.name);
    const elements = new Map<string, string>();
    const open = { name, shape: shapeOf(kind, object), elements };
    if (isObjectName(name)) {
      this.#elements.set(name, elements);
      this.#open = isDynamic(objects[name]) ? null : open;
    } else if (farmObjectPattern.test(name)) {
      this.#objects.set(name, { kind, declaration: null, elements });
      this.#open = name.startsWith("d_") ? null : open;
    } else this.#foreign.push(`set or map ${name}`);
  }

  listing(): Listing {
    return {
      flat: { tag: this.#tag, chains: this.#chains, objects: this.#objects, elements: this.#elements },
      hasLayout: this.#fixed.has(layoutChain),
      missing: [
        ...objectNames.filter((name) => !isNetdev(name) && !this.#elements.has(name)),
        ...[...this.#fixedNames].filter((name) => !this.#fixed.has(name)),
      ],
      foreign: this.#foreign,
      fixedRules: new Map(Array.from(this.#fixed, ([name, rules]) => [name, JSON.stringify(rules)])),
    };
  }
}

type OpenObject = { readonly name: string; readonly shape: ElementShape; readonly elements: Map<string, string> };

const farmChainPattern = /^[a-z]{1,8}_[0-9]{1,8}_[46]$/;
const ingressPattern = /^ingress_[0-9a-f]{8}$/;
const farmObjectPattern = /^(d_)?[a-z]{1,8}_[0-9]{1,8}_[46]_[0-9a-f]{4}$/;

function withoutCounter(expression: unknown): unknown {
  return isJson(expression) && "counter" in expression ? { counter: null } : expression;
}

function isOurs(item: Json): boolean {
  return (item.family === "inet" || item.family === "netdev") && item.table === tableName;
}

function onlyObject(json: string): { kind: "map" | "set"; object: Json } | null {
  for (const item of listingItems(json) ?? []) {
    if (isJson(item.map)) return { kind: "map", object: item.map };
    if (isJson(item.set)) return { kind: "set", object: item.set };
  }
  return null;
}

function elementsOf(object: Json): readonly unknown[] {
  return Array.isArray(object.elem) ? object.elem : [];
}

function unreadable(detail: string): Result<never> {
  return fail("kernel-refused", "The kernel's listing cannot be read", { detail, retry: true });
}
