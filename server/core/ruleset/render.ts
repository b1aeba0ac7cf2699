/** Ops and rulesets as nft text. Everything in it is generated or a parsed literal. */
import { diff } from "./diff.ts";
import { isNetdev, type ObjectDeclaration, objectNames, type Ruleset, tableName } from "./model.ts";
import type { Op } from "./ops.ts";
import { fixedChains, objects } from "./parts/skeleton.ts";
import { activeChains, activeFeatures, elementPieces, flatten } from "./ruleset.ts";

const table = `inet ${tableName}`;
const netdev = `netdev ${tableName}`;
const inetNames = objectNames.filter((name) => !isNetdev(name));
const netdevNames = objectNames.filter(isNetdev);

/** An object or chain with its table. */
function placed(name: string): string {
  return `${isNetdev(name) ? netdev : table} ${name}`;
}

/** One statement each, without separators. */
export function renderStatements(ops: readonly Op[]): string[] {
  return ops.flatMap(statements);
}

/** One transaction as one line for `nft -i`; "" when there is nothing to do. */
export function render(ops: readonly Op[]): string {
  return renderStatements(ops).join("; ");
}

/** The whole ruleset for `nft -f`: replaces our tables atomically, valid on first load too. */
export function renderScript(ruleset: Ruleset): string {
  return [...scriptPieces(ruleset)].join("");
}

/** Closes the last table: without it nft takes nothing of a script. */
export const scriptEnd = "}\n";
const pieceLetters = 64 * 1024;

/** renderScript in pieces, for who must not be held up by thousands of farms; the last one is scriptEnd. */
export function* scriptPieces(ruleset: Ruleset): Generator<string> {
  let piece = "";
  const hasNetdev = activeFeatures(ruleset).includes("dsr");
  for (const name of hasNetdev ? [table, netdev] : [table]) {
    if (name !== table) piece += scriptEnd;
    for (const part of tableParts(ruleset, name, name === netdev)) {
      piece += part;
      if (piece.length < pieceLetters) continue;
      yield piece;
      piece = "";
    }
  }
  yield piece;
  yield scriptEnd;
}

/** Without its end. */
function* tableParts(ruleset: Ruleset, name: string, isSecond: boolean): Generator<string> {
  const belongs = (each: string) => isNetdev(each) === isSecond;
  const { chains, objects: own } = flatten(ruleset);
  yield linesText([`table ${name}`, `delete table ${name}`, `table ${name} {`]);
  for (const each of isSecond ? netdevNames : inetNames)
    yield* objectParts(each, objects[each], elementPieces(ruleset, each));
  for (const [each, { declaration, elements: items }] of own)
    if (declaration !== null && belongs(each)) yield* objectParts(each, declaration, [items]);
  const active = activeChains(ruleset).filter((chain) => belongs(chain.name));
  const activeNames = new Set(active.map((chain) => chain.name));
  const fixed = [...(isSecond ? [] : fixedChains(ruleset.tag)), ...active];
  for (const { name: each, hook, rules } of fixed) if (hook === null) yield chainText(each, rules);
  for (const [each, rules] of chains) if (belongs(each) && !activeNames.has(each)) yield chainText(each, rules);
  for (const { name: each, hook, rules } of fixed) if (hook !== null) yield chainText(each, [hook, ...rules]);
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
  ["svc", "rng", "all", "raw", "rawr", "dsr", "dsrr"].flatMap((name) => [`${name}4`, `${name}6`]),
);

/** Netlink bytes of one statement, in units of 53 (4,000 of them are what nft's socket takes there). Measured, rounded up. */
const cost = { chain: 2, object: 5, rule: 8, skeleton: 400, element: 2 } as const;
/** of a rule's text: one that counts, limits or remembers takes 4 to 5 bytes a letter */
const lettersAUnit = 8;

function costOf(op: Op): number {
  if (op.type === "add-elements") return op.object === "slots" ? op.elements.length : op.elements.length * cost.element;
  if (op.type === "replace-table" || op.type === "redeclare") return cost.skeleton;
  if (op.type === "add-object") return cost.object;
  return op.type === "add-rule" ? Math.max(cost.rule, Math.ceil(op.rule.length / lettersAUnit)) : cost.chain;
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
    case "add-netdev":
      return [
        `add table ${netdev}`,
        ...(op.isFresh ? [`delete table ${netdev}`, `add table ${netdev}`] : []),
        ...netdevNames.map((name) => declarationText(name, objects[name])),
      ];
    case "delete-netdev":
      return [`delete table ${netdev}`];
    case "add-object":
      return [declarationText(op.object, op.declaration)];
    case "delete-object":
      return [`delete ${op.kind} ${placed(op.object)}`];
    case "add-chain":
      return [`add chain ${placed(op.chain)}${op.hook === null ? "" : ` { ${op.hook} }`}`];
    case "flush-chain":
      return [`flush chain ${placed(op.chain)}`];
    case "rewrite-chain":
      return [`flush chain ${placed(op.chain)}`, ...op.rules.map((rule) => `add rule ${placed(op.chain)} ${rule}`)];
    case "delete-chain":
      return [`delete chain ${placed(op.chain)}`];
    case "add-rule":
      return [`add rule ${placed(op.chain)} ${op.rule}`];
    case "add-elements":
      return [`add element ${placed(op.object)} { ${op.elements.map(elementText).join(", ")} }`];
    case "delete-elements":
      return [`delete element ${placed(op.object)} { ${op.keys.join(", ")} }`];
  }
}

function skeleton(tag: number, mayExist: boolean): string[] {
  const chains = fixedChains(tag);
  const declared = inetNames.map((name) => declarationText(name, objects[name]));
  const made = chains.map(({ name, hook }) => `add chain ${table} ${name}${hook === null ? "" : ` { ${hook} }`}`);
  const emptied = mayExist ? chains.map(({ name }) => `flush chain ${table} ${name}`) : [];
  const ruled = chains.flatMap(({ name, rules }) => rules.map((rule) => `add rule ${table} ${name} ${rule}`));
  return [...declared, ...made, ...emptied, ...ruled];
}

function declarationText(name: string, { kind, type, options }: ObjectDeclaration): string {
  return `add ${kind} ${placed(name)} { ${[typeText(type), ...options].map((text) => `${text};`).join(" ")} }`;
}

function* objectParts(
  name: string,
  { kind, type, options }: ObjectDeclaration,
  pieces: Iterable<ReadonlyMap<string, string>>,
): Generator<string> {
  yield linesText([`\t${kind} ${name} {`, `\t\t${typeText(type)}`, ...options.map((option) => `\t\t${option}`)]);
  let isFirst = true;
  for (const piece of pieces) {
    const text = Array.from(piece, elementText).join(elementsBetween);
    if (text === "") continue;
    yield `${isFirst ? "\t\telements = { " : elementsBetween}${text}`;
    isFirst = false;
  }
  yield isFirst ? "\t}\n" : " }\n\t}\n";
}

const elementsBetween = ",\n\t\t             ";

function typeText(type: string): string {
  return type.startsWith("typeof ") ? type : `type ${type}`;
}

function chainText(name: string, lines: readonly string[]): string {
  return linesText([`\tchain ${name} {`, ...lines.map((line) => `\t\t${line}`), "\t}"]);
}

function linesText(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}

function elementText([key, data]: readonly [string, string]): string {
  return data === "" ? key : `${key} : ${data}`;
}
