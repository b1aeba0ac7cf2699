/** Schema issues as ours: one sentence each, with a path like `backends[1].address`. */
import type * as z from "zod/mini";
import type { Issue } from "../result.ts";

type SchemaIssue = z.core.$ZodIssue;

export function schemaIssues(issues: readonly SchemaIssue[]): Issue[] {
  return issues.flatMap((issue): Issue[] => {
    const path = pathText(issue.path);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: joinPath(path, shown(key)), message: "Unknown field" }));
    return [{ path, message: messageOf(issue) }];
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => joinPath(text, typeof part === "number" ? part : shown(String(part))), "");
}

export function joinPath(head: string, part: string | number): string {
  if (typeof part === "number") return `${head}[${part}]`;
  if (head === "") return part;
  return part === "" ? head : part.startsWith("[") ? `${head}${part}` : `${head}.${part}`;
}

/** Issues of a part, with the place of the part before each path. */
export function within(head: string, issues: readonly Issue[]): Issue[] {
  return issues.map((issue) => ({ path: joinPath(head, issue.path), message: issue.message }));
}

/** zod/mini has no texts of its own ("Invalid input"): say what is missing or of the wrong kind. */
function messageOf(issue: SchemaIssue): string {
  if (issue.message !== "Invalid input") return `${issue.message}${excess(issue)}`;
  if (issue.code === "invalid_type") return `Expected ${issue.expected}`;
  if (issue.code === "too_small") return `At least ${issue.minimum}`;
  if (issue.code === "too_big") return `At most ${issue.maximum}`;
  return "This value is not allowed here";
}

/** How many there are where a limit on a list or text is passed (the schema must be asked to report its input). */
function excess(issue: SchemaIssue): string {
  if (issue.code !== "too_big") return "";
  const { input } = issue;
  return Array.isArray(input) || typeof input === "string" ? ` (here ${input.length})` : "";
}

/** A field name of an unknown writer, short enough to show. */
function shown(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}…` : key;
}
