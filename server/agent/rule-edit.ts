/**
 * A scheduling rule with another modulus or another block, made from the rule that is there: the kernel's own bytes of it, with the numbers
 * replaced. Only where the text of both differs in nothing else, and only if the bytes have the numbers and the signature of
 * the text that was there; null otherwise, and nft writes the rule.
 */
import { attributesIn, viewOf } from "./netlink-read.ts";
import type { ListedRule } from "./rule-dump.ts";

type Generator = { readonly modulus: number; readonly offset: number };
type RuleText = { readonly rest: string; readonly generators: readonly Generator[]; readonly signature: string | null };

const generatorPattern = / mod ([0-9]+) offset (0x[0-9a-f]{8})/g;
const signaturePattern = / comment "(s:[0-9a-f]{8})"$/;
const expressionName = 1;
const expressionData = 2;
const modulusField = 2;
const offsetField = 4;
const generatorName = "numgen";

export function ruleEdit(listed: ListedRule, before: string, after: string): ListedRule | null {
  const was = textOf(before);
  const will = textOf(after);
  // a set without a name belongs to its rule and cannot be handed on
  if (was.rest !== will.rest || was.rest.includes("{") || (was.signature === null) !== (will.signature === null))
    return null;
  const expressions = withGenerators(listed.expressions, was.generators, will.generators);
  const userdata = withSignature(listed.userdata, was.signature, will.signature);
  return expressions === null || userdata === undefined ? null : { handle: listed.handle, expressions, userdata };
}

function textOf(rule: string): RuleText {
  const signature = signaturePattern.exec(rule)?.[1] ?? null;
  const body = rule.replace(signaturePattern, "");
  const generators = Array.from(body.matchAll(generatorPattern), ([, modulus, offset]) => ({
    modulus: Number(modulus),
    offset: Number(offset),
  }));
  return { rest: body.replace(generatorPattern, " #"), generators, signature };
}

function withGenerators(bytes: Uint8Array, was: readonly Generator[], will: readonly Generator[]): Uint8Array | null {
  // a copy, also of a Buffer, whose slice() is none
  const edited = new Uint8Array(bytes);
  const view = viewOf(edited);
  const places = attributesIn(edited).flatMap(({ start, end }) => generatorIn(edited, start, end) ?? []);
  if (places.length !== was.length || will.length !== was.length) return null;
  for (const [at, place] of places.entries()) {
    const old = was[at];
    const next = will[at];
    if (old === undefined || next === undefined) return null;
    if (view.getUint32(place.modulus, false) !== old.modulus || view.getUint32(place.offset, false) !== old.offset)
      return null;
    view.setUint32(place.modulus, next.modulus, false);
    view.setUint32(place.offset, next.offset, false);
  }
  return edited;
}

/** Where one expression has its numbers, if it is a generator. */
function generatorIn(bytes: Uint8Array, from: number, to: number): { modulus: number; offset: number }[] | null {
  const fields = attributesIn(bytes, from, to);
  const name = fields.find(({ type }) => type === expressionName);
  const data = fields.find(({ type }) => type === expressionData);
  if (name === undefined || data === undefined || plainText(bytes.subarray(name.start, name.end)) !== generatorName)
    return null;
  const numbers = attributesIn(bytes, data.start, data.end).filter(({ start, end }) => end - start === 4);
  const modulus = numbers.find(({ type }) => type === modulusField)?.start;
  const offset = numbers.find(({ type }) => type === offsetField)?.start;
  // a generator without them is one that no text of ours makes: counted, so that the numbers of both do not fit
  return modulus === undefined || offset === undefined ? [] : [{ modulus, offset }];
}

/** undefined: it is not what the text says */
function withSignature(
  userdata: Uint8Array | null,
  was: string | null,
  will: string | null,
): Uint8Array | null | undefined {
  if (was === null || will === null) return userdata;
  if (userdata === null) return undefined;
  const text = Buffer.from(userdata).toString("latin1");
  const at = text.indexOf(was);
  if (at < 0 || was.length !== will.length) return undefined;
  return Buffer.from(text.replace(was, will), "latin1");
}

function plainText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1").replace(/\0.*$/, "");
}
