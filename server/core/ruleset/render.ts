/** Ops and rulesets as nft text. Everything in it is generated or a parsed literal. */
import { diff } from "./diff.ts";
import { type ObjectDeclaration, objectNames, type Ruleset, tableName } from "./model.ts";
import type { Op } from "./ops.ts";
import { fixedChains, objects } from "./parts/skeleton.ts";
import { activeChains, flatten } from "./ruleset.ts";

const table = `inet ${tableName}`;

/** One statement each, without separators. */
export function renderStatements(ops: readonly Op[]): string[] {
  return ops.flatMap(statements);
}

/** One transaction as one line for `nft -i`; "" when there is nothing to do. */
export function render(ops: readonly Op[]): string {
  return renderStatements(ops).join("; ");
}

/** The whole ruleset for `nft -f`: replaces our table atomically, valid on first load too. */
export function renderScript(ruleset: Ruleset): string {
  const { chains, elements, objects: own } = flatten(ruleset);
  const lines = [`table ${table}`, `delete table ${table}`, `table ${table} {`];
  for (const name of objectNames) lines.push(...objectBlock(name, objects[name], elements.get(name) ?? new Map()));
  for (const [name, { declaration, elements: items }] of own)
    if (declaration !== null) lines.push(...objectBlock(name, declaration, items));
  const active = activeChains(ruleset);
  const activeNames = new Set(active.map(({ name }) => name));
  const fixed = [...fixedChains(ruleset.tag), ...active];
  const targets = fixed.filter(({ hook }) => hook === null);
  for (const { name, rules } of targets) lines.push(...chainBlock(name, rules));
  for (const [name, rules] of chains) if (!activeNames.has(name)) lines.push(...chainBlock(name, rules));
  for (const { name, hook, rules } of fixed) if (hook !== null) lines.push(...chainBlock(name, [hook, ...rules]));
  lines.push("}", "");
  return lines.join("\n");
}

/** The first load in pieces (a user namespace bounds one transaction): lines for `nft -i`, dispatch elements last. */
export function renderChunks(ruleset: Ruleset, maxElements = 4000): string[] {
  const ops = diff(null, ruleset);
  const isDispatch = (op: Op) => op.type === "add-elements" && dispatchObjects.has(op.object);
  const ordered = [...ops.filter((op) => !isDispatch(op)), ...ops.filter(isDispatch)];
  const chunks: string[][] = [[]];
  let room = maxElements;
  for (const piece of ordered.flatMap((op) => pieces(op, maxElements))) {
    const cost = costOf(piece);
    if (cost > room && room < maxElements) {
      chunks.push([]);
      room = maxElements;
    }
    chunks.at(-1)?.push(...statements(piece));
    room -= cost;
  }
  return chunks.map((chunk) => chunk.join("; "));
}

const dispatchObjects: ReadonlySet<string> = new Set(
  ["svc", "rng", "all", "raw", "rawr"].flatMap((name) => [`${name}4`, `${name}6`]),
);

/** Netlink bytes of one statement, in bytes of one slot element. Measured, rounded up. */
const cost = { chain: 2, rule: 8, skeleton: 400, element: 2 } as const;

function costOf(op: Op): number {
  if (op.type === "add-elements") return op.object === "slots" ? op.elements.length : op.elements.length * cost.element;
  if (op.type === "replace-table" || op.type === "redeclare") return cost.skeleton;
  return op.type === "add-rule" ? cost.rule : cost.chain;
}

/** A long list of elements as several ops, each within the bound. */
function pieces(op: Op, maxElements: number): Op[] {
  if (op.type !== "add-elements") return [op];
  const size = Math.max(1, Math.floor(maxElements / cost.element));
  const out: Op[] = [];
  for (let at = 0; at < op.elements.length; at += size) out.push({ ...op, elements: op.elements.slice(at, at + size) });
  return out;
}

function statements(op: Op): string[] {
  switch (op.type) {
    case "replace-table":
      return [`add table ${table}`, `delete table ${table}`, `add table ${table}`, ...skeleton(op.tag, false)];
    case "redeclare":
      return [`add table ${table}`, ...skeleton(op.tag, true)];
    case "add-object":
      return [declarationText(op.object, op.declaration)];
    case "delete-object":
      return [`delete ${op.kind} ${table} ${op.object}`];
    case "add-chain":
      return [`add chain ${table} ${op.chain}${op.hook === null ? "" : ` { ${op.hook} }`}`];
    case "flush-chain":
      return [`flush chain ${table} ${op.chain}`];
    case "delete-chain":
      return [`delete chain ${table} ${op.chain}`];
    case "add-rule":
      return [`add rule ${table} ${op.chain} ${op.rule}`];
    case "add-elements":
      return [`add element ${table} ${op.object} { ${op.elements.map(elementText).join(", ")} }`];
    case "delete-elements":
      return [`delete element ${table} ${op.object} { ${op.keys.join(", ")} }`];
  }
}

function skeleton(tag: number, mayExist: boolean): string[] {
  const chains = fixedChains(tag);
  const declared = objectNames.map((name) => declarationText(name, objects[name]));
  const made = chains.map(({ name, hook }) => `add chain ${table} ${name}${hook === null ? "" : ` { ${hook} }`}`);
  const emptied = mayExist ? chains.map(({ name }) => `flush chain ${table} ${name}`) : [];
  const ruled = chains.flatMap(({ name, rules }) => rules.map((rule) => `add rule ${table} ${name} ${rule}`));
  return [...declared, ...made, ...emptied, ...ruled];
}

function declarationText(name: string, { kind, type, options }: ObjectDeclaration): string {
  return `add ${kind} ${table} ${name} { ${[typeText(type), ...options].map((text) => `${text};`).join(" ")} }`;
}

function objectBlock(
  name: string,
  { kind, type, options }: ObjectDeclaration,
  elements: ReadonlyMap<string, string>,
): string[] {
  const lines = [`\t${kind} ${name} {`, `\t\t${typeText(type)}`, ...options.map((option) => `\t\t${option}`)];
  const texts = Array.from(elements, elementText);
  if (texts.length > 0) lines.push(`\t\telements = { ${texts.join(",\n\t\t             ")} }`);
  return [...lines, "\t}"];
}

function typeText(type: string): string {
  return type.startsWith("typeof ") ? type : `type ${type}`;
}

function chainBlock(name: string, lines: readonly string[]): string[] {
  return [`\tchain ${name} {`, ...lines.map((line) => `\t\t${line}`), "\t}"];
}

function elementText([key, data]: readonly [string, string]): string {
  return data === "" ? key : `${key} : ${data}`;
}
