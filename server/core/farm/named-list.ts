/**
 * Named lists: networks that the filters of many farms share. A farm refers to one by name (`@office`), so a name in use can neither go
 * nor change; the networks can, without touching a farm. The farms' own lists merge with nothing: each reference is a set of its own.
 */
import * as z from "zod/mini";
import { type Issue, invalid, ok, type Result } from "../result.ts";
import { joinPath, schemaIssues } from "./issues.ts";
import { idSchema, nameSchema, notesSchema } from "./name.ts";
import { listNetworksSchema, referencesOf } from "./networks.ts";
import type { Farm } from "./types.ts";

export const namedListSchema = z.strictObject({
  id: idSchema,
  /** unique among the lists of a balancer */
  name: nameSchema,
  /** canonical as networks.ts says, both families; [] = nobody */
  networks: z._default(listNetworksSchema, []),
  notes: notesSchema,
});

export type NamedList = z.output<typeof namedListSchema>;

/** "invalid" with all issues; paths like `networks[3]`. */
export function parseNamedList(input: unknown): Result<NamedList> {
  const parsed = namedListSchema.safeParse(input, { reportInput: true });
  return parsed.success ? ok(parsed.data) : invalid(schemaIssues(parsed.error.issues));
}

/** Names of the lists that a farm refers to, each once, sorted. */
export function listNamesOf({ policy }: Pick<Farm, "policy">): readonly string[] {
  if (policy.allow.length === 0 && policy.deny.length === 0) return none;
  return [...new Set([...referencesOf(policy.allow), ...referencesOf(policy.deny)])].sort();
}

const none: readonly string[] = [];

/** References of a farm to lists that are not there; the message begins with the reference. */
export function referenceIssues({ policy }: Pick<Farm, "policy">, isThere: (name: string) => boolean): Issue[] {
  return (["allow", "deny"] as const).flatMap((field) =>
    policy[field].flatMap((entry, at) =>
      !entry.startsWith("@") || isThere(entry.slice(1))
        ? []
        : [{ path: `policy.${joinPath(field, at)}`, message: `${entry}: there is no list of this name` }],
    ),
  );
}
