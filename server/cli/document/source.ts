/**
 * A farm document as text: YAML or JSON, read without trust. Bounds: its size; repeated aliases (a small file that unfolds into a huge
 * one); keys that are there twice, of which a reader would silently take one.
 */
import { fail, type Issue, type Result } from "../../core/result.ts";

export type Place = { readonly line: number; readonly column: number };

export type Source = {
  readonly value: unknown;
  /** Where a path like `farms[0].backends[1].address` stands; of what is missing, where its parent does. */
  readonly placeOf: (path: string) => Place | null;
};

/** What cannot be read at all is "invalid" with every place in `issues` (PlacedIssue). */
export async function readSource(text: string): Promise<Result<Source>> {
  const bare = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (bare.trim() === "") return refusedWhole("The document is empty");
  if (/^\s*\{\s*"/.test(bare)) {
    const { readJson } = await import("./json-source.ts");
    const json = readJson(bare);
    if (json !== null) return json;
  }
  if (bare.length > yamlCharactersMax)
    return refusedWhole("YAML of more than 8 MB takes too long to read: write it as JSON (sluice export --json)");
  const { readYaml } = await import("./yaml-source.ts");
  return readYaml(bare);
}

/** a tree of it is a hundred times as large as the text */
const yamlCharactersMax = 8 * 1024 * 1024;

function refusedWhole(message: string): Result<never> {
  return fail("invalid", message, { issues: [{ path: "", message }] });
}

/** The parts of a path: `a[0].b` gives "a", 0, "b". */
export function pathParts(path: string): (string | number)[] {
  const found = path.matchAll(/\[([0-9]+)\]|([^.[\]]+)/g);
  return Array.from(found, ([, index, name]) => (index === undefined ? (name ?? "") : Number(index)));
}

export function placedIssue(path: string, message: string, place: Place | null): Issue {
  return place === null ? { path, message } : { path, message, ...place };
}
