/**
 * What a foreign rule does to us, from nft's JSON. What cannot be told (a match we do not know, rules that iptables wrote in its own
 * format) is taken as matching: the preflight rather warns once too often. Pure.
 */

import { parsePortEntry } from "../core/farm/ports.ts";
import type { Farm } from "../core/farm/types.ts";
import { isJson, type Json } from "../core/ruleset/listing-json.ts";
import { addressWithin } from "./address-prefix.ts";
import type { ForeignChain, ForeignRule } from "./foreign-rules.ts";

/** Why a chain lets nothing pass that it does not accept: its policy or its last rule, also where that leads on; null = it lets pass. */
export function endsClosed({ policy, ...chain }: ForeignChain, all: readonly ForeignChain[]): string | null {
  if (policy === "drop") return "policy drop";
  return lastRefuses(chain, all, new Set()) ? "its last rule refuses the rest" : null;
}

function lastRefuses(
  { family, table, rules }: Pick<ForeignChain, "family" | "table" | "rules">,
  all: readonly ForeignChain[],
  seen: ReadonlySet<string>,
): boolean {
  const last = rules.at(-1)?.expressions.filter((each) => !("counter" in each) && !("log" in each)) ?? [];
  const [only] = last;
  if (last.length !== 1 || only === undefined) return false;
  if ("drop" in only || "reject" in only) return true;
  const target = targetOf(only);
  if (typeof target !== "string" || seen.has(target)) return false;
  const next = all.find((each) => each.family === family && each.table === table && each.chain === target);
  return next !== undefined && lastRefuses(next, all, new Set([...seen, target]));
}

/** Some rule lets translated connections pass: `ct status dnat accept`, everything, or a rule of iptables that accepts in DOCKER-USER. */
export function acceptsTranslated(chain: ForeignChain, all: readonly ForeignChain[]): boolean {
  const targets = chain.rules.flatMap(({ expressions }) => expressions.map(targetOf));
  const reached = all.filter(({ table, family, chain: name }) => {
    return table === chain.table && family === chain.family && (name === chain.chain || targets.includes(name));
  });
  return reached.some((each) => each.rules.some((rule) => acceptsIn(rule, each.chain === "DOCKER-USER")));
}

function acceptsIn({ expressions }: ForeignRule, isForUsers: boolean): boolean {
  if (!expressions.some((each) => "accept" in each)) return false;
  const conditions = expressions.filter((each) => "match" in each || "xt" in each);
  return conditions.length === 0 || conditions.some((each) => isTranslated(each) || (isForUsers && "xt" in each));
}

function isTranslated({ match }: Json): boolean {
  const left = isJson(match) ? match.left : null;
  const key = isJson(left) && isJson(left.ct) ? left.ct.key : null;
  return isJson(match) && key === "status" && JSON.stringify(match.right).includes("dnat");
}

function targetOf(expression: Json): unknown {
  const jump = expression.jump ?? expression.goto;
  return isJson(jump) ? jump.target : null;
}

/** Rules that translate connections to one of the farm's addresses and ports, in this chain and wherever its rules lead them. */
export function mappingFirst(
  chain: ForeignChain,
  all: readonly ForeignChain[],
  farm: Farm,
): { readonly chain: ForeignChain; readonly rule: ForeignRule }[] {
  const found: { readonly chain: ForeignChain; readonly rule: ForeignRule }[] = [];
  const seen = new Set<ForeignChain>();
  const waiting = [chain];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const rule of next.rules) {
      if (!mayConcern(rule, farm)) continue;
      if (translates(rule)) found.push({ chain: next, rule });
      waiting.push(...ledTo(rule, next, all));
    }
  }
  return found;
}

function translates({ expressions }: ForeignRule): boolean {
  return expressions.some((each) => "dnat" in each || "redirect" in each);
}

function mayConcern({ expressions }: ForeignRule, farm: Farm): boolean {
  return farm.addresses.some((address) => expressions.every((each) => mayMatch(each, farm, address)));
}

/** Chains of the same table that a rule may go on in; what a named map holds is not known, so there it may be any. */
function ledTo(
  { expressions }: ForeignRule,
  from: ForeignChain,
  all: readonly ForeignChain[],
): readonly ForeignChain[] {
  const maps = expressions.flatMap(({ vmap }) => (isJson(vmap) ? [vmap.data] : []));
  const isAny = maps.some((data) => typeof data === "string");
  const names = new Set([...expressions.map(targetOf), ...maps.flatMap(targetsWithin)]);
  names.delete(null);
  // most rules lead nowhere
  if (!isAny && names.size === 0) return [];
  return all.filter(
    ({ family, table, hook, chain }) =>
      family === from.family && table === from.table && hook === null && (isAny || names.has(chain)),
  );
}

/** The chains that an anonymous verdict map names. */
function targetsWithin(data: unknown): unknown[] {
  if (Array.isArray(data)) return data.flatMap(targetsWithin);
  if (!isJson(data)) return [];
  return "jump" in data || "goto" in data ? [targetOf(data)] : Object.values(data).flatMap(targetsWithin);
}

/** false only when the expression certainly leaves this address of the farm alone. */
function mayMatch({ match }: Json, farm: Farm, address: string): boolean {
  if (!isJson(match) || match.op !== "==") return true;
  const left = isJson(match.left) ? match.left : {};
  const payload = isJson(left.payload) ? left.payload : {};
  const values = valuesOf(match.right);
  if (values === null) return true;
  if (payload.field === "daddr" && (payload.protocol === "ip" || payload.protocol === "ip6"))
    return (
      (payload.protocol === "ip6") === address.includes(":") && values.some((value) => holdsAddress(value, address))
    );
  if (payload.field === "dport" && !isOfProtocol(payload.protocol, farm)) return false;
  if (payload.field === "dport") return farm.ports.length === 0 || values.some((value) => holdsPort(value, farm));
  return true;
}

/** `th` is any. */
function isOfProtocol(protocol: unknown, farm: Farm): boolean {
  return protocol === "th" || farm.protocol === "all" || protocol === farm.protocol;
}

/** The right side of a match as a list; null = a named set, or a form we do not know. */
function valuesOf(right: unknown): readonly unknown[] | null {
  if (typeof right === "string") return right.startsWith("@") ? null : [right];
  if (typeof right === "number") return [right];
  if (!isJson(right)) return null;
  if (Array.isArray(right.set)) return right.set;
  return isJson(right.prefix) || Array.isArray(right.range) ? [right] : null;
}

function holdsAddress(value: unknown, address: string): boolean {
  if (typeof value === "string") return value === address;
  if (!isJson(value) || !isJson(value.prefix)) return true;
  const { addr, len } = value.prefix;
  return typeof addr !== "string" || typeof len !== "number" || addressWithin(address, addr, len);
}

function holdsPort(value: unknown, farm: Farm): boolean {
  const range = isJson(value) && Array.isArray(value.range) ? value.range : [value, value];
  const [from, to] = range.map(Number);
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return true;
  return farm.ports.some((entry) => {
    const own = parsePortEntry(entry);
    return typeof own === "string" || (own.from <= to && own.to >= from);
  });
}

/** `ct mark set ...`, or iptables' CONNMARK target. */
export function setsMark({ expressions }: ForeignRule): boolean {
  return expressions.some(({ mangle, xt }) => {
    if (isJson(xt)) return xt.name === "CONNMARK";
    const key = isJson(mangle) && isJson(mangle.key) ? mangle.key : {};
    return isJson(key.ct) && key.ct.key === "mark";
  });
}
