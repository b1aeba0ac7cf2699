/**
 * A foreign change in words and as a diff: what the kernel had, against what it shall have, with the names that people gave. Pure.
 * Many differences are counted, not told one by one: the words stay short whatever was done.
 */
import { memberKey } from "../core/allocation/allocation.ts";
import { idOfMark } from "../core/allocation/marks.ts";
import type { Elements, Fragment } from "../core/ruleset/model.ts";
import { flatten } from "../core/ruleset/ruleset.ts";
import type { Found } from "./kernel-words.ts";
import type { State } from "./plan.ts";

type DriftWords = {
  /** `farm shop: 1 slot pointed at web-2 instead of web-1` */
  readonly text: string;
  /** the one farm it was about; null = several, or none */
  readonly farmId: string | null;
  /** `- slots 0xd1000000 : 0x51000002` was found, `+ ...` is what was put back */
  readonly lines: readonly string[];
};

type Difference = {
  readonly object: string;
  readonly key: string;
  readonly was: string | undefined;
  readonly is: string | undefined;
};

const linesMax = 20;
const namedMax = 200;
const partsMax = 3;

export function driftWords(found: Found, state: State): DriftWords {
  const wanted = flatten(state.ruleset);
  const elements = differences(found.flat.elements, wanted.elements).concat(
    differences(elementsOf(found.flat.objects), elementsOf(wanted.objects)),
  );
  const rules = differences(new Map([["chain", texts(found.flat.chains)]]), new Map([["chain", texts(wanted.chains)]]));
  const all = [...elements, ...rules];
  const told = new Told(state);
  for (const each of all.slice(0, namedMax)) told.add(each);
  for (const chain of found.fixedChains) told.count(null, (n) => `${many(n, "fixed chain")} rewritten, as ${chain}`);
  const more = all.length > namedMax ? [`${all.length - namedMax} more`] : [];
  return { text: [...told.parts(), ...more].join("; "), farmId: told.onlyFarm(), lines: linesOf(all) };
}

function elementsOf(objects: Found["flat"]["objects"]): Map<string, Elements> {
  return new Map(Array.from(objects, ([name, { elements }]) => [name, elements]));
}

function texts(chains: ReadonlyMap<string, readonly string[]>): Elements {
  return new Map(Array.from(chains, ([name, rules]) => [name, rules.join("; ")]));
}

function differences(was: ReadonlyMap<string, Elements>, is: ReadonlyMap<string, Elements>): Difference[] {
  const out: Difference[] = [];
  for (const object of new Set([...was.keys(), ...is.keys()])) {
    const before = was.get(object);
    const after = is.get(object);
    for (const [key, data] of after ?? [])
      if (before?.get(key) !== data) out.push({ object, key, was: before?.get(key), is: data });
    for (const [key, data] of before ?? [])
      if (after?.has(key) !== true) out.push({ object, key, was: data, is: undefined });
  }
  return out;
}

function linesOf(all: readonly Difference[]): string[] {
  const lines = all
    .slice(0, linesMax)
    .flatMap(({ object, key, was, is }) => [
      ...(was === undefined ? [] : [`- ${object} ${key}${was === "" ? "" : ` : ${was}`}`]),
      ...(is === undefined ? [] : [`+ ${object} ${key}${is === "" ? "" : ` : ${is}`}`]),
    ]);
  const more = all.length - linesMax;
  return more > 0 ? [...lines, `and ${more} more`] : lines;
}

type Phrase = (count: number) => string;

/** Equal phrases about the same farm, counted. */
class Told {
  readonly #state: State;
  readonly #phrases = new Map<string, { farmId: string | null; phrase: Phrase; count: number }>();

  constructor(state: State) {
    this.#state = state;
  }

  add(difference: Difference): void {
    const fragment = this.#owner(difference);
    this.count(fragment?.farmId ?? null, this.#phrase(difference, fragment));
  }

  count(farmId: string | null, phrase: Phrase): void {
    const key = `${farmId} ${phrase(1)}`;
    const known = this.#phrases.get(key);
    if (known === undefined) this.#phrases.set(key, { farmId, phrase, count: 1 });
    else known.count += 1;
  }

  parts(): string[] {
    const parts = Array.from(this.#phrases.values(), ({ farmId, phrase, count }) => {
      const farm = farmId === null ? undefined : this.#state.desired.farms.get(farmId)?.farm.name;
      return farm === undefined ? phrase(count) : `farm ${farm}: ${phrase(count)}`;
    });
    return parts.length <= partsMax
      ? parts
      : [...parts.slice(0, partsMax), `${parts.length - partsMax} more differences`];
  }

  onlyFarm(): string | null {
    const [first, ...rest] = new Set(Array.from(this.#phrases.values(), ({ farmId }) => farmId));
    return rest.length === 0 ? (first ?? null) : null;
  }

  #owner({ object, key, was }: Difference): Fragment | null {
    const number = /^f_([0-9]+)_/.exec(object === "chain" ? key : (was?.replace(/^goto /, "") ?? ""))?.[1];
    for (const fragment of this.#state.ruleset.fragments.values()) {
      if (object === "chain" ? fragment.chains.has(key) : hasKey(fragment, object, key)) return fragment;
      if (number !== undefined && fragment.farmNumber === Number(number)) return fragment;
    }
    return null;
  }

  #phrase({ object, key, was, is }: Difference, fragment: Fragment | null): Phrase {
    if (object === "chain") {
      const change = was === undefined ? "missing" : is === undefined ? "added" : "rewritten";
      return (n) => `${many(n, "chain of rules", "chains of rules")} ${change}`;
    }
    const name = (mark: string | undefined) => this.#backendName(mark, fragment);
    if (object === "slots") {
      if (was === undefined) return (n) => `${many(n, "slot")} of ${name(is)} missing`;
      if (is === undefined) return (n) => `${many(n, "slot")} added for ${name(was)}`;
      return (n) => `${many(n, "slot")} pointed at ${name(was)} instead of ${name(is)}`;
    }
    if (/^(svc|rng|all)/.test(object)) {
      const where = key.replaceAll(" . ", " ");
      if (was === undefined) return () => `${where} not served`;
      return () => (is === undefined ? `${where} added` : `${where} sent elsewhere`);
    }
    if (/^b[ea][46]$/.test(object)) {
      if (was === undefined) return () => `${name(key)} missing`;
      if (is === undefined) return () => `${name(key)} added`;
      return () => `${name(key)} reached at ${address(was)} instead of ${address(is)}`;
    }
    const change = was === undefined ? "missing from" : is === undefined ? "added to" : "changed in";
    return (n) => `${many(n, "element")} ${change} ${this.#listName(object) ?? object}`;
  }

  #listName(object: string): string | null {
    const number = /^list_([0-9]+)_/.exec(object)?.[1];
    for (const [name, own] of this.#state.allocation.lists) if (String(own) === number) return `list ${name}`;
    return null;
  }

  #backendName(mark: string | undefined, fragment: Fragment | null): string {
    const { allocation, desired } = this.#state;
    const id = mark === undefined ? null : idOfMark(allocation.tag, Number(mark));
    if (id === null) return "nobody";
    const farms = fragment === null ? [...desired.farms.keys()] : [fragment.farmId, ...desired.farms.keys()];
    for (const farmId of farms) {
      const farm = desired.farms.get(farmId)?.farm;
      const ids = allocation.farms.get(farmId)?.ids;
      const backend = farm?.backends.find((each) => ids?.get(memberKey(each)) === id);
      if (farm === undefined || backend === undefined) continue;
      return farmId === fragment?.farmId ? backend.name : `${backend.name} of farm ${farm.name}`;
    }
    return "an unknown backend";
  }
}

function hasKey(fragment: Fragment, object: string, key: string): boolean {
  for (const [name, elements] of fragment.elements) if (name === object && elements.has(key)) return true;
  return fragment.objects.has(object);
}

function address(data: string): string {
  return data.replaceAll(" . ", " port ");
}

function many(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}
