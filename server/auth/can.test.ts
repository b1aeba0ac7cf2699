import { describe, expect, it } from "vitest";
import type { Role } from "../core/change/views.ts";
import { can, type Verb, verbs } from "./can.ts";

const adminOnly: readonly Verb[] = [
  "read-people",
  "change-people",
  "claim-balancer",
  "metrics-token",
  "change-notifications",
];
const allowed: Readonly<Record<Role, readonly Verb[]>> = {
  viewer: [
    "read-farms",
    "read-history",
    "read-events",
    "read-hosts",
    "read-live",
    "read-ruleset",
    "read-notifications",
    "explain-client",
    "preview-change",
  ],
  operator: verbs.filter((verb) => !adminOnly.includes(verb)),
  admin: verbs,
};

describe("roles", () => {
  for (const role of ["viewer", "operator", "admin"] as const)
    for (const verb of verbs)
      it(`a ${role} ${allowed[role].includes(verb) ? "may" : "may not"} ${verb}`, () => {
        expect(can(role, verb)).toBe(allowed[role].includes(verb));
      });

  it("a role that is in no table may do nothing", () => {
    for (const role of ["", "root", "constructor", "__proto__", "toString"])
      for (const verb of verbs) expect(can(role as Role, verb)).toBe(false);
  });
});
