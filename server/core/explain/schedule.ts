/** Slots of a scheduling rule: which one a client gets, and whose each is. */
import type { Backend, Farm } from "../farm/types.ts";
import { addressBytes } from "./address-bytes.ts";
import { jhashSlot } from "./jhash.ts";
import { type HashField, type Program, type SchedulerRule, slotKey } from "./program.ts";
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
export function backendAt(
  farm: Farm,
  rule: SchedulerRule,
  slot: number,
  program: Program,
  port: number,
): Backend | null {
  const id = program.slots.get(slotKey(rule, slot));
  return id === undefined ? null : backendOf(farm, id, program, port);
}

/** Who has slots, most first; shares in percent of the farm's new connections of this family. */
export function candidatesOf(farm: Farm, rule: SchedulerRule, program: Program, port: number): Candidate[] {
  const counts = new Map<string, number>();
  for (let at = 0; at < rule.modulus; at++) {
    const id = program.slots.get(slotKey(rule, at));
    if (id !== undefined) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const candidates = Array.from(counts, ([id, slots]): Candidate[] => {
    const backend = backendOf(farm, id, program, port);
    return backend === null ? [] : [{ backend: backend.name, slots, sharePct: (slots * 100) / rule.modulus }];
  });
  return candidates.flat().sort((a, b) => b.slots - a.slots || (a.backend < b.backend ? -1 : 1));
}

function backendOf(farm: Farm, id: string, program: Program, port: number): Backend | null {
  const target = program.targets.get(id);
  if (target === undefined) return null;
  const isTarget = (backend: Backend) =>
    backend.address === target.address && (backend.port ?? port) === (target.port ?? port);
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
