/** FILE to farms and lists: read, parsed and checked as everywhere else, with every error placed. Nothing is printed to standard output here. */
import { parseDocument } from "../../core/farm/document.ts";
import { limits } from "../../core/farm/limits.ts";
import type { NamedList } from "../../core/farm/named-list.ts";
import type { Farm } from "../../core/farm/types.ts";
import type { Failure } from "../../core/result.ts";
import type { FarmsAnswer } from "../../wire/agent.ts";
import type { Call } from "../command.ts";
import { type PlacedIssue, reportFailure, reportIssues } from "../failures.ts";
import { readSource, type Source } from "./source.ts";

/** What the balancer has: farms are matched with it, lists may be referred to. Without an agent: nothing. */
type Existing = Pick<FarmsAnswer, "farms" | "lists">;

/** The farms and lists, or the exit code after the errors were reported. */
export async function readDocument(
  call: Call,
  file: string,
  newId: () => string,
  existing: Existing = { farms: [], lists: [] },
): Promise<{ readonly farms: Farm[]; readonly lists: NamedList[] } | { readonly code: number }> {
  const text = await call.world.readText(file, limits.importBytesMax);
  if (!text.ok) return { code: reportFailure(call, text.error) };
  const source = await readSource(text.value);
  if (!source.ok) return { code: reportIssues(call, file, source.error, source.error.issues ?? []) };
  const parsed = parseDocument(source.value.value, newId, {
    farms: existing.farms.map(({ farm }) => farm),
    lists: existing.lists.map(({ list }) => list),
  });
  if (parsed.ok) return parsed.value;
  return { code: reportIssues(call, file, parsed.error, placed(parsed.error, source.value)) };
}

/** In the order of the file, as people mend it. */
function placed(failure: Failure, source: Source): PlacedIssue[] {
  const issues = failure.issues ?? [{ path: "", message: failure.text }];
  const places = issues.map((issue): PlacedIssue => ({ ...issue, ...source.placeOf(issue.path) }));
  return places.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
