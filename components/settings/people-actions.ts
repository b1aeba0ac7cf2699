/** The writes about people, handed in by the page. */
import type { PeopleOutcome, Role } from "@/server/core/change/views.ts";

export type PeopleActions = {
  create(input: { name: string; username: string; password: string; role: Role }): Promise<PeopleOutcome>;
  setRole(input: { personId: string; role: Role }): Promise<PeopleOutcome>;
  setPassword(input: { personId: string; password: string }): Promise<PeopleOutcome>;
  remove(input: { personId: string }): Promise<PeopleOutcome>;
};
