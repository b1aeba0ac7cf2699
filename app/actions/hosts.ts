"use server";
/** What administrators decide about a balancer itself. */
import { requireActionActor } from "@/app/session.ts";
import type { PeopleOutcome } from "@/server/core/change/views.ts";
import { claimBalancer } from "@/server/usecases/claim-balancer.ts";
import { refused } from "@/server/usecases/people.ts";

/** Gives an agent that knows no farms those of the database; the rules in the kernel become theirs. */
export async function claimBalancerAction(): Promise<PeopleOutcome> {
  const actor = await requireActionActor();
  if (!actor.ok) return refused(actor.error);
  const claimed = await claimBalancer(actor.value);
  return claimed.ok ? { status: "ok" } : refused(claimed.error);
}
