/** One rule of a farm chain, from `nft -j` back to the text that compile writes; what compile writes nowhere stays the kernel's own text. */
import { markText } from "../allocation/marks.ts";
import { isJson, type Json } from "./listing-json.ts";

/** A mark for nobody, a generator of slot numbers, where to go with one, or both (as rules were written before). */
export function farmRuleText(expressions: readonly unknown[]): string {
  const [first, second] = expressions;
  const value = isJson(first) && isJson(first.mangle) ? first.mangle.value : null;
  if (typeof value === "number" && expressions.length === 1) return `ct mark set ${markText(value)}`;
  const lead = isJson(first) && isJson(first.goto) ? first.goto.target : null;
  if (typeof lead === "string" && expressions.length === 1) return `goto ${lead}`;
  const slot = isJson(value) ? slotText(value) : null;
  if (slot !== null && expressions.length === 1) return `ct mark set ${slot}`;
  const target = isJson(second) && isJson(second.goto) ? second.goto.target : null;
  if (slot === null || typeof target !== "string" || expressions.length !== 2)
    return `unknown: ${JSON.stringify(expressions)}`;
  return `ct mark set ${slot} goto ${target}`;
}

/** A number below a modulus, from an offset on. */
function slotText({ numgen, jhash, symhash }: Json): string | null {
  const of = isJson(numgen) ? numgen : isJson(jhash) ? jhash : symhash;
  if (!isJson(of) || typeof of.offset !== "number") return null;
  const generator = generatorText({ numgen, jhash });
  if (generator === null) return null;
  const seed = isJson(jhash) && typeof jhash.seed === "number" ? ` seed ${unsignedText(jhash.seed)}` : "";
  return `${generator} mod ${String(of.mod)}${seed} offset ${unsignedText(of.offset)}`;
}

function generatorText({ numgen, jhash }: Json): string | null {
  if (isJson(numgen)) return `numgen ${String(numgen.mode)}`;
  if (!isJson(jhash)) return "symhash";
  const fields = hashedText(jhash.expr);
  return fields === null ? null : `jhash ${fields}`;
}

/** What is hashed: one field of a header, or several as a concatenation. */
function hashedText(expression: unknown): string | null {
  if (!isJson(expression)) return null;
  const parts = Array.isArray(expression.concat) ? expression.concat : [expression];
  const texts = parts.map((part) => (isJson(part) && isJson(part.payload) ? fieldText(part.payload) : null));
  return texts.includes(null) ? null : texts.join(" . ");
}

function fieldText({ protocol, field }: Json): string {
  return `${String(protocol)} ${String(field)}`;
}

/** nft prints some numbers signed. */
function unsignedText(value: number): string {
  return markText(value >>> 0);
}
