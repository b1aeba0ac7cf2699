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
  walk(text, (path, offset, isTwice) => {
    if (isTwice) issues.push(placedIssue(path, "This key is there twice", placeAt(lineStarts, offset)));
  });
  const [first] = issues;
  if (first !== undefined) return fail("invalid", `${first.path}: ${first.message}`, { issues });
  return ok({ value, placeOf: (path) => find(text, path, lineStarts) });
}

type Visit = (path: string, offset: number, isTwice: boolean) => void;
type Level = { readonly path: string; readonly keys: Set<string> | null; index: number; name: string };

const token = /"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Calls for every member and element, in the order of the text. The text is valid JSON. */
function walk(text: string, visit: Visit): void {
  const levels: Level[] = [];
  let isKey = false;
  for (const match of text.matchAll(token)) {
    const [word] = match;
    const level = levels.at(-1);
    if (word === "}" || word === "]") {
      levels.pop();
      isKey = false;
    } else if (word === ",") {
      if (level !== undefined) level.index++;
      isKey = level?.keys !== null && level !== undefined;
    } else if (word === ":") isKey = false;
    else if (isKey && level !== undefined && level.keys !== null) {
      level.name = JSON.parse(word) as string;
      visit(pathIn(level), match.index, level.keys.has(level.name));
      level.keys.add(level.name);
    } else {
      if (level !== undefined && level.keys === null) visit(pathIn(level), match.index, false);
      if (word === "{" || word === "[") {
        levels.push({
          path: level === undefined ? "" : pathIn(level),
          keys: word === "{" ? new Set() : null,
          index: 0,
          name: "",
        });
        isKey = word === "{";
      }
    }
  }
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
