/**
 * What each role may do: one table, asked by every action, loader and route. What the table does not name is refused.
 * A viewer reads; an operator also changes farms; an administrator also changes people and what the hosts may do.
 */
import type { Role } from "../core/change/views.ts";

const reading = [
  "read-farms",
  "read-history",
  "read-events",
  "read-hosts",
  "read-live",
  "read-ruleset",
  "read-notifications",
  "explain-client",
  "preview-change",
] as const;
const changing = [
  "save-farm",
  "remove-farm",
  "set-enabled",
  "set-weights",
  "set-admin-state",
  "cut-backend",
  "undo-revision",
  "restore-farm",
  "test-backend",
] as const;
const administering = [
  "read-people",
  "change-people",
  "claim-balancer",
  "metrics-token",
  "change-notifications",
] as const;

export const verbs = [...reading, ...changing, ...administering] as const;
export type Verb = (typeof verbs)[number];

const table: Readonly<Record<Role, ReadonlySet<Verb>>> = {
  viewer: new Set(reading),
  operator: new Set([...reading, ...changing]),
  admin: new Set(verbs),
};

export function can(role: Role, verb: Verb): boolean {
  return Object.hasOwn(table, role) && table[role].has(verb);
}
