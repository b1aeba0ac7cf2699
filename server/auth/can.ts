/**
 * What each role may do: one table, asked by every action, loader and route. What the table does not name is refused.
 * A viewer reads; an operator also changes farms; an administrator also changes people and what the hosts may do.
 */
import type { Role } from "../core/change/views.ts";

export const verbs = [
  "read-farms",
  "read-history",
  "read-events",
  "read-hosts",
  "read-live",
  "read-ruleset",
  "preview-change",
  "save-farm",
  "remove-farm",
  "set-enabled",
  "set-weights",
  "set-admin-state",
  "cut-backend",
  "undo-revision",
  "restore-farm",
  "read-people",
  "change-people",
  "claim-balancer",
] as const;
export type Verb = (typeof verbs)[number];

const viewer: readonly Verb[] = [
  "read-farms",
  "read-history",
  "read-events",
  "read-hosts",
  "read-live",
  "read-ruleset",
  "preview-change",
];
const operator: readonly Verb[] = [
  ...viewer,
  "save-farm",
  "remove-farm",
  "set-enabled",
  "set-weights",
  "set-admin-state",
  "cut-backend",
  "undo-revision",
  "restore-farm",
];
const table: Readonly<Record<Role, ReadonlySet<Verb>>> = {
  viewer: new Set(viewer),
  operator: new Set(operator),
  admin: new Set<Verb>([...operator, "read-people", "change-people", "claim-balancer"]),
};

export function can(role: Role, verb: Verb): boolean {
  return Object.hasOwn(table, role) && table[role].has(verb);
}
