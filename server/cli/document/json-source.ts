/** JSON with the place of every value, and with keys that are there twice refused. The grammar itself is JSON.parse's to judge. */
import { fail, type Issue, ok, type Result } from "../../core/result.ts";
import { type Place, pathParts, placedIssue, type Source } from "./source.ts";

/** null: this is no JSON, and may be YAML. */
export function readJson(text: string): Result<Source> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const lineStarts = startsOfLines(text);
  const issues: Issue[] = [];
  if (depthOf(text) > levelsMax) return fail("invalid", tooDeep, { issues: [{ path: "", message: tooDeep }] });
  walk(text, (path, offset, isTwice) => {
    if (isTwice) issues.push(placedIssue(path, "This key is there twice", placeAt(lineStarts, offset)));
  });
  const [first] = issues;
  if (first !== undefined) return fail("invalid", `${first.path}: ${first.message}`, { issues });
  return ok({ value, placeOf: (path) => find(text, path, lineStarts) });
}

const tooDeep = "It is nested too deeply";
/** a farm document has seven */
const levelsMax = 100;

function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const { word } of tokens(text)) {
    if (word === "{" || word === "[") deepest = Math.max(deepest, ++depth);
    else if (word === "}" || word === "]") depth--;
  }
  return deepest;
}

type Token = { readonly word: string; readonly offset: number };

/** By hand: a regular expression over a string of many megabytes runs out of stack. The text is valid JSON. */
function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const end = endOfToken(text, at);
    const word = text.slice(at, end);
    if (word.trim() !== "") yield { word, offset: at };
    at = end;
  }
}

const single = new Set(["{", "}", "[", "]", ",", ":", " ", "\t", "\r", "\n"]);

function endOfToken(text: string, from: number): number {
  const first = text[from] ?? "";
  if (single.has(first)) return from + 1;
  let at = from + 1;
  if (first === '"') {
    while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
    return at + 1;
  }
  while (at < text.length && !single.has(text[at] ?? "")) at++;
  return at;
}

type Visit = (path: string, offset: number, isTwice: boolean) => void;
type Level = { readonly path: string; readonly keys: Set<string> | null; index: number; name: string };

/** Calls for every member and element, in the order of the text. The text is valid JSON. */
function walk(text: string, visit: Visit): void {
  const levels: Level[] = [];
  let isKey = false;
  for (const { word, offset } of tokens(text)) {
    const level = levels.at(-1);
    if (word === "}" || word === "]") levels.pop();
    else if (word === "," && level !== undefined) level.index++;
    else if (isKey && level?.keys) visitKey(level, level.keys, word, offset, visit);
    else if (word !== ":") {
      if (level?.keys === null) visit(pathIn(level), offset, false);
      if (word === "{" || word === "[") levels.push(levelIn(level, word));
    }
    isKey = (word === "," || word === "{") && levels.at(-1)?.keys !== null;
  }
}

function visitKey(level: Level, keys: Set<string>, word: string, offset: number, visit: Visit): void {
  level.name = JSON.parse(word) as string;
  visit(pathIn(level), offset, keys.has(level.name));
  keys.add(level.name);
}

function levelIn(outer: Level | undefined, word: "{" | "["): Level {
  const path = outer === undefined ? "" : pathIn(outer);
  return { path, keys: word === "{" ? new Set() : null, index: 0, name: "" };
}

function pathIn({ path, keys, index, name }: Level): string {
  if (keys === null) return `${path}[${index}]`;
  return path === "" ? name : `${path}.${name}`;
}

function find(text: string, path: string, lineStarts: readonly number[]): Place | null {
  const parts = pathParts(path);
  const wanted = new Map(parts.map((_, at) => [joined(parts.slice(0, at + 1)), at]));
  let best = -1;
  let offset = text.search(/\S/);
  walk(text, (visited, at) => {
    const depth = wanted.get(visited);
    if (depth === undefined || depth <= best) return;
    best = depth;
    offset = at;
  });
  return placeAt(lineStarts, offset);
}

function joined(parts: readonly (string | number)[]): string {
  return parts.reduce<string>((path, part) => {
    if (typeof part === "number") return `${path}[${part}]`;
    return path === "" ? part : `${path}.${part}`;
  }, "");
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function placeAt(lineStarts: readonly number[], offset: number): Place {
  let low = 0;
  let high = lineStarts.length;
  while (low + 1 < high) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
