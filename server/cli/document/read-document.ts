/** FILE to farms: read, parsed and checked as everywhere else, with every error placed. Nothing is printed to standard output here. */
import { parseDocument } from "../../core/farm/document.ts";
import { joinPath, within } from "../../core/farm/issues.ts";
import { limits } from "../../core/farm/limits.ts";
import { referenceIssues } from "../../core/farm/named-list.ts";
import type { Farm } from "../../core/farm/types.ts";
import { type Failure, invalid, type Result } from "../../core/result.ts";
import type { FarmsAnswer } from "../../wire/agent.ts";
import type { Call } from "../command.ts";
import { type PlacedIssue, reportFailure, reportIssues } from "../failures.ts";
import { readSource, type Source } from "./source.ts";

/** What the balancer has: farms are matched with it, lists may be referred to. Without an agent: nothing. */
type Existing = Pick<FarmsAnswer, "farms" | "lists">;

/** The farms, or the exit code after the errors were reported. */
export async function readDocument(
  call: Call,
  file: string,
  newId: () => string,
  existing: Existing = { farms: [], lists: [] },
): Promise<{ readonly farms: Farm[] } | { readonly code: number }> {
  const text = await call.world.readText(file, limits.importBytesMax);
  if (!text.ok) return { code: reportFailure(call, text.error) };
  const source = await readSource(text.value);
  if (!source.ok) return { code: reportIssues(call, file, source.error, source.error.issues ?? []) };
  const known = existing.farms.map(({ farm }) => farm);
  const parsed = withReferences(parseDocument(source.value.value, newId, known), existing);
  if (parsed.ok) return { farms: parsed.value };
  return { code: reportIssues(call, file, parsed.error, placed(parsed.error, source.value)) };
}

/** Lists that farms refer to are the balancer's: a document names them, and does not hold them. */
function withReferences(parsed: Result<Farm[]>, { lists }: Existing): Result<Farm[]> {
  if (!parsed.ok) return parsed;
  const names = new Set(lists.map(({ list }) => list.name));
  const issues = parsed.value.flatMap((farm, at) => {
    const missing = referenceIssues(farm, (name) => names.has(name));
    return within(joinPath("farms", at), missing);
  });
  return issues.length > 0 ? invalid(issues) : parsed;
}

/** In the order of the file, as people mend it. */
function placed(failure: Failure, source: Source): PlacedIssue[] {
  const issues = failure.issues ?? [{ path: "", message: failure.text }];
  const places = issues.map((issue): PlacedIssue => ({ ...issue, ...source.placeOf(issue.path) }));
  return places.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
