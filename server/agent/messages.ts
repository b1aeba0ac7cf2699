/** Messages by schema; what is wrong is one sentence with its path. */
import type * as z from "zod/mini";
import { schemaIssues } from "../core/farm/issues.ts";
import { invalid, ok, type Result } from "../core/result.ts";
import { type ChangeRequest, changeRequestSchema } from "../wire/agent.ts";

const issuesMax = 50;

export function parseMessage<T>(schema: z.ZodMiniType<T>, value: unknown): Result<T> {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? ok(parsed.data) : invalid(schemaIssues(parsed.error.issues).slice(0, issuesMax));
}

/** With one operation paths are the farm's own (`backends[1].port`), as a form needs them; with several they say which. */
export function parseChange(value: unknown): Result<ChangeRequest> {
  const parsed = parseMessage(changeRequestSchema, value);
  if (parsed.ok || operationCount(value) !== 1) return parsed;
  const issues = (parsed.error.issues ?? []).map(({ path, message }) => ({ path: ownPath(path), message }));
  return invalid(issues);
}

function ownPath(path: string): string {
  return path.replace(/^operations\[0\](\.(farm|list)(?=[.[]|$))?\.?/, "");
}

function operationCount(value: unknown): number {
  if (typeof value !== "object" || value === null || !("operations" in value)) return 0;
  return Array.isArray(value.operations) ? value.operations.length : 0;
}
