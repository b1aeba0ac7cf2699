/** Slots of a scheduling rule: which one a client gets, and whose each is. */
import type { Backend, Farm } from "../farm/types.ts";
import { addressBytes } from "./address-bytes.ts";
import { jhashSlot } from "./jhash.ts";
import type { HashField, Program, SchedulerRule, Target } from "./program.ts";
import type { ClientQuery } from "./query.ts";

/** Who may get the next connection, by its slots. */
export type Candidate = { readonly backend: string; readonly slots: number; readonly sharePct: number };

export type HashRule = Extract<SchedulerRule, { by: "hash" }>;

/** 0-based; null when the rule hashes the client's port and the query does not say it. */
export function scheduledSlot(rule: HashRule, query: ClientQuery): number | null {
  const parts: Uint8Array[] = [];
  for (const field of rule.fields) {
    const bytes = fieldBytes(field, query);
    if (bytes === null) return null;
    parts.push(bytes);
  }
  const key = Uint8Array.from(parts.flatMap((part) => [...part]));
  return jhashSlot(key, rule.modulus, rule.seed);
}

/** The backend a slot leads to; null for a slot that is empty or whose backend has left the maps. */
export function backendAt(farm: Farm, slot: number, program: Program, port: number): Backend | null {
  const target = program.targetOf(slot);
  return target === null ? null : backendOf(farm, target, port);
}

/** Who has slots, most first; shares in percent of the farm's new connections of this family. */
export function candidatesOf(farm: Farm, rule: SchedulerRule, program: Program, port: number): Candidate[] {
  const counts = new Map<Target, number>();
  for (let at = 0; at < rule.modulus; at++) {
    const target = program.targetOf(at);
    if (target !== null) counts.set(target, (counts.get(target) ?? 0) + 1);
  }
  const slots = new Map<string, number>();
  for (const [target, count] of counts) {
    const name = backendOf(farm, target, port)?.name;
    if (name !== undefined) slots.set(name, (slots.get(name) ?? 0) + count);
  }
  const candidates = Array.from(slots, ([backend, count]): Candidate => {
    return { backend, slots: count, sharePct: (count * 100) / rule.modulus };
  });
  return candidates.sort((a, b) => b.slots - a.slots || (a.backend < b.backend ? -1 : 1));
}

function backendOf(farm: Farm, target: Target, port: number): Backend | null {
  const isTarget = (backend: Backend) =>
    backend.address === target.address &&
    (target.port === undefined || (backend.port ?? port) === (target.port ?? port));
  return farm.backends.find(isTarget) ?? null;
}

/** Each part of a concatenation fills whole 32-bit registers: a port is two bytes and two zeros. */
function fieldBytes(field: HashField, query: ClientQuery): Uint8Array | null {
  switch (field) {
    case "ip saddr":
    case "ip6 saddr":
      return addressBytes(query.client);
    case "ip daddr":
    case "ip6 daddr":
      return addressBytes(query.vip);
    case "sport":
      return query.clientPort === null ? null : portBytes(query.clientPort);
    case "dport":
      return portBytes(query.port);
  }
}

function portBytes(port: number): Uint8Array {
  return Uint8Array.of(port >> 8, port & 255, 0, 0);
}
