/**
 * Who may connect, how often, and how packets are marked for queues. Filters look at packets from clients before anything is balanced;
 * a connection is what connection tracking takes for one (for UDP: a flow). Rates are per second with a burst of one second's worth.
 */
import * as z from "zod/mini";
import type { Issue } from "../result.ts";
import { clientsSchema } from "./networks.ts";
import { dscpSchema, prioritySchema } from "./qos.ts";
import type { Farm } from "./types.ts";

const policyLimits = { ratePerSMax: 1_000_000, connectionsMax: 1_000_000, logPerSMax: 1000 } as const;

export const policySchema = z.strictObject({
  /** empty = everybody; else only these, and of a family without entry nobody; networks and references to named lists (`@office`) */
  allow: z._default(clientsSchema, []),
  /** checked after `allow`, for every packet: open connections of a denied client stop */
  deny: z._default(clientsSchema, []),
  newPerSecondPerSource: countSchema("A rate", policyLimits.ratePerSMax),
  connectionsPerSource: countSchema("A number of connections", policyLimits.connectionsMax),
  /** of the whole farm, both families together */
  synPerSecond: countSchema("A rate", policyLimits.ratePerSMax),
  /** clients prove that they are there before a backend is asked; the host must agree, because it changes how all its TCP is tracked */
  synProxy: z._default(z.boolean("A SYN proxy is true or false"), false),
  /** what connection tracking finds invalid, and combinations of TCP flags that nobody sends in earnest */
  dropInvalid: z._default(z.boolean("Dropping invalid packets is true or false"), false),
  /** lines in the kernel's log about what is turned away, at most so many a second of each family; null = none */
  logPerSecond: countSchema("A rate", policyLimits.logPerSMax),
  /** on packets to the backends and to the clients */
  dscp: z._default(z.nullable(dscpSchema), null),
  /** class of tc, both directions */
  priority: z._default(z.nullable(prioritySchema), null),
});

export type Policy = z.output<typeof policySchema>;

export const noPolicy: Policy = {
  allow: [],
  deny: [],
  newPerSecondPerSource: null,
  connectionsPerSource: null,
  synPerSecond: null,
  synProxy: false,
  dropInvalid: false,
  logPerSecond: null,
  dscp: null,
  priority: null,
};

/** Something in it turns packets away, so the farm needs the hooks that filter. */
export function turnsAway(policy: Policy): boolean {
  const { allow, deny, newPerSecondPerSource, connectionsPerSource, synPerSecond, dropInvalid } = policy;
  const hasLimit = newPerSecondPerSource !== null || connectionsPerSource !== null || synPerSecond !== null;
  return allow.length > 0 || deny.length > 0 || hasLimit || dropInvalid;
}

/** It marks packets for queues. */
export function marksPackets({ dscp, priority }: Policy): boolean {
  return dscp !== null || priority !== null;
}

/** Combinations that cannot work, with the reason. */
export function policyIssues({ policy, protocol, forwarding }: Farm): Issue[] {
  const issues: Issue[] = [];
  const refuse = (field: keyof Policy, message: string) => issues.push({ path: `policy.${field}`, message });
  if (policy.synPerSecond !== null && protocol !== "tcp")
    refuse("synPerSecond", "A SYN limit needs protocol tcp: others have no SYN");
  if (policy.synProxy && protocol !== "tcp") refuse("synProxy", "A SYN proxy needs protocol tcp: others have no SYN");
  if (policy.logPerSecond !== null && !turnsAway(policy))
    refuse("logPerSecond", "Only what is turned away is logged: set a list or a limit, or leave the log off");
  if (forwarding === "dnat" || forwarding === "snat") return issues;
  const set = (Object.keys(noPolicy) as (keyof Policy)[]).filter((field) => isSet(policy[field]));
  for (const field of set)
    refuse(
      field,
      `Filters and QoS need forwarding dnat or snat: packets of ${forwarding} farms pass no hook that could`,
    );
  return issues;
}

function isSet(value: Policy[keyof Policy]): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== null && value !== false;
}

/** null = no limit */
function countSchema(what: string, max: number) {
  const message = `${what} is a whole number from 1 to ${max.toLocaleString("en")}`;
  return z._default(z.nullable(z.int(message).check(z.gte(1, message), z.lte(max, message))), null);
}
