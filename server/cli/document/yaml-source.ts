/** YAML 1.2, core schema: no merge keys, no tags that make objects. Everything that is wrong with it is named with line and column. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLMap,
} from "yaml";
import { fail, type Issue, ok, type Result } from "../../core/result.ts";
import { type Place, pathParts, placedIssue, type Source } from "./source.ts";

/** An alias may unfold into this many nodes in all: enough for hand-written defaults, nothing for a bomb. */
const aliasesMax = 100;
const issuesMax = 50;

export function readYaml(text: string): Result<Source> {
  const lines = new LineCounter();
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      version: "1.2",
      schema: "core",
      prettyErrors: false,
    });
    const [document, second] = documents;
    if (document === undefined) return refused([{ path: "", message: "The document is empty" }]);
    if (second !== undefined)
      return refused([placedIssue("", "One file holds one document", placeOf(lines, startOf(second)))]);
    const wrong = [...document.errors, ...document.warnings];
    if (wrong.some(({ message }) => /call stack/i.test(message))) return refused([tooDeep]);
    if (wrong.length > 0) return refused(wrong.slice(0, issuesMax).map((error) => issueOf(error, lines)));
    const value: unknown = document.toJS({ maxAliasCount: aliasesMax });
    return ok({ value, placeOf: (path) => find(document, path, lines) });
  } catch (error) {
    return refused([{ path: "", message: whyUnreadable(error) }]);
  }
}

const tooDeep: Issue = { path: "", message: "It is nested too deeply" };

type YamlProblem = { readonly code: string; readonly message: string; readonly pos: readonly [number, number] };

function issueOf(error: YamlProblem, lines: LineCounter): Issue {
  const message = error.code === "DUPLICATE_KEY" ? "This key is there twice" : error.message;
  return placedIssue("", message, placeOf(lines, error.pos[0]));
}

/** Nesting too deep for the reader's stack, and aliases above the bound, are thrown. */
function whyUnreadable(error: unknown): string {
  if (error instanceof RangeError) return tooDeep.message;
  if (error instanceof ReferenceError)
    return /alias count/i.test(error.message)
      ? "It repeats itself by aliases too often"
      : "An alias stands before the anchor it names, or inside it";
  return "It cannot be read as YAML";
}

function refused(issues: readonly Issue[]): Result<never> {
  return fail("invalid", issues[0]?.message ?? "It cannot be read", { issues });
}

/** The place of the path, or of the deepest part of it that is there. A key's place is where its name stands. */
function find(document: Document, path: string, lines: LineCounter): Place | null {
  let node: unknown = document.contents;
  let offset = startOfNode(node);
  for (const part of pathParts(path)) {
    const next = childOf(node, part, document);
    if (next === null) break;
    node = next.node;
    offset = next.offset ?? offset;
  }
  return offset === null ? null : placeOf(lines, offset);
}

function childOf(
  node: unknown,
  part: string | number,
  document: Document,
): { node: unknown; offset: number | null } | null {
  const here = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(here) && typeof part === "number" && part < here.items.length) {
    const item = here.items[part];
    return { node: item, offset: startOfNode(item) };
  }
  const pair = isMap(here) ? pairOf(here, String(part)) : undefined;
  if (pair === undefined) return null;
  return { node: pair.value, offset: startOfNode(pair.key) };
}

function pairOf(map: YAMLMap, name: string) {
  return map.items.find(({ key }) => isNode(key) && "value" in key && String(key.value) === name);
}

function startOfNode(node: unknown): number | null {
  return isNode(node) ? ((node as Node).range?.[0] ?? null) : null;
}

function startOf(document: Document): number {
  return document.range?.[0] ?? 0;
}

function placeOf(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}
