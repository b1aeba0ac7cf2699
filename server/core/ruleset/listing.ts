/**
 * What `nft -j list` says, back into the model. Listings are the kernel's word and are parsed, not trusted: what is not understood is
 * named, never guessed. Text forms equal those of compile, so that drift is a comparison of text.
 */
import { idOfMark, markText } from "../allocation/marks.ts";
import { fail, ok, type Result } from "../result.ts";
import { bare, elementText, isJson, isObjectName, type Json, listingItems } from "./listing-json.ts";
import { type FlatRuleset, layoutChain, type ObjectName, objectNames, tableName } from "./model.ts";
import { fixedChains } from "./parts/skeleton.ts";

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

/** `nft -j list table inet sluice`. null: there is no such table in the listing. */
export function parseTableListing(json: string, tag: number): Result<Listing | null> {
  const items = listingItems(json);
  if (items === null) return unreadable("no nftables list in it");
  if (!items.some((item) => isJson(item.table) && isOurs({ ...item.table, table: item.table.name }))) return ok(null);
  const reading = new Reading(tag);
  for (const item of items) {
    if (isJson(item.chain) && isOurs(item.chain)) reading.chain(item.chain);
    else if (isJson(item.rule) && isOurs(item.rule)) reading.rule(item.rule);
    else if (isJson(item.map) && isOurs(item.map)) reading.object(item.map);
    else if (isJson(item.set) && isOurs(item.set)) reading.object(item.set);
  }
  return ok(reading.listing());
}

/** `nft -j list map|set inet sluice NAME`: its elements as compile writes them. */
export function parseElements(json: string): Result<{ object: ObjectName; elements: ReadonlyMap<string, string> }> {
  const object = onlyObject(json);
  if (object === null || !isObjectName(object.name)) return unreadable("none of our maps or sets in it");
  const elements = new Map<string, string>();
  for (const item of elementsOf(object)) {
    const element = elementText(object.name, item);
    if (element === null) return unreadable(`an element of ${object.name} is of an unknown form`);
    elements.set(element[0], element[1]);
  }
  return ok({ object: object.name, elements });
}

/** `nft -j list map|set inet sluice be4|ba4|be6|ba6|bin|bout`: backend id -> counter. Marks of others are left out. */
export function parseCounters(json: string, tag: number): Result<Map<number, Counter>> {
  const object = onlyObject(json);
  if (object === null) return unreadable("no map or set in it");
  const counters = new Map<number, Counter>();
  for (const item of elementsOf(object)) {
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

/** Collects one table's listing. */
class Reading {
  readonly #tag: number;
  readonly #chains = new Map<string, string[]>();
  readonly #fixed = new Map<string, unknown[]>();
  readonly #elements = new Map<ObjectName, Map<string, string>>();
  readonly #foreign: string[] = [];
  readonly #fixedNames: ReadonlySet<string>;

  constructor(tag: number) {
    this.#tag = tag;
    this.#fixedNames = new Set(fixedChains(tag).map(({ name }) => name));
  }

  chain(chain: Json): void {
    const name = String(chain.name);
    if (this.#fixedNames.has(name)) this.#fixed.set(name, [[chain.type, chain.hook, chain.prio, chain.policy]]);
    else if (farmChainPattern.test(name)) this.#chains.set(name, []);
    else this.#foreign.push(`chain ${name}`);
  }

  rule(rule: Json): void {
    const name = String(rule.chain);
    const expressions = Array.isArray(rule.expr) ? rule.expr : [];
    this.#fixed.get(name)?.push(expressions.map(withoutCounter));
    this.#chains.get(name)?.push(farmRuleText(expressions));
  }

  object(object: Json): void {
    const { name } = object;
    if (!isObjectName(name)) {
      this.#foreign.push(`set or map ${String(name)}`);
      return;
    }
    const elements = new Map<string, string>();
    for (const item of elementsOf(object)) {
      const element = elementText(name, item);
      if (element === null) this.#foreign.push(`element of ${name}: ${JSON.stringify(bare(item)).slice(0, 100)}`);
      else elements.set(element[0], element[1]);
    }
    this.#elements.set(name, elements);
  }

  listing(): Listing {
    return {
      flat: { tag: this.#tag, chains: this.#chains, elements: this.#elements },
      hasLayout: this.#fixed.has(layoutChain),
      missing: [
        ...objectNames.filter((name) => !this.#elements.has(name)),
        ...[...this.#fixedNames].filter((name) => !this.#fixed.has(name)),
      ],
      foreign: this.#foreign,
      fixedRules: new Map(Array.from(this.#fixed, ([name, rules]) => [name, JSON.stringify(rules)])),
    };
  }
}

const farmChainPattern = /^f_[0-9]{1,8}_[46]$/;

/** The three rules a farm chain can have, as compile writes them; anything else is shown as the kernel's own text. */
function farmRuleText(expressions: readonly unknown[]): string {
  const [first, second] = expressions;
  const value = isJson(first) && isJson(first.mangle) ? first.mangle.value : null;
  if (typeof value === "number" && expressions.length === 1) return `ct mark set ${markText(value)}`;
  const numgen = isJson(value) ? value.numgen : null;
  const target = isJson(second) && isJson(second.goto) ? second.goto.target : null;
  if (!isJson(numgen) || typeof numgen.offset !== "number" || typeof target !== "string" || expressions.length !== 2)
    return `unknown: ${JSON.stringify(expressions)}`;
  // nft prints the offset as a signed number
  const offset = markText(numgen.offset >>> 0);
  return `ct mark set numgen ${String(numgen.mode)} mod ${String(numgen.mod)} offset ${offset} goto ${target}`;
}

function withoutCounter(expression: unknown): unknown {
  return isJson(expression) && "counter" in expression ? { counter: null } : expression;
}

function isOurs(item: Json): boolean {
  return item.family === "inet" && item.table === tableName;
}

function onlyObject(json: string): Json | null {
  for (const item of listingItems(json) ?? []) {
    if (isJson(item.map)) return item.map;
    if (isJson(item.set)) return item.set;
  }
  return null;
}

function elementsOf(object: Json): readonly unknown[] {
  return Array.isArray(object.elem) ? object.elem : [];
}

function unreadable(detail: string): Result<never> {
  return fail("kernel-refused", "The kernel's listing cannot be read", { detail, retry: true });
}
