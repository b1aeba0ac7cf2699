/**
 * Foreign hands on the rules of a balancer under load, one after the other, each until the agent has put it right: a slot away, a farm's chain
 * emptied, a strange slot, and a rule in front of the chain that all connections pass (then all fixed chains are written anew). The farm
 * under load is not harmed by the hand itself, so what it loses is the repair's.
 */
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { callAgent } from "../lab/agent-farms.ts";
import { agentStatusSchema } from "../wire/agent.ts";
import type { Hosts } from "./hosts.ts";

export type RepairOptions = { readonly repairs: number; readonly farms: number; readonly limitMs: number };

const lookMs = 10;
const giveUpMs = 30_000;

/** How long each took, in ms; as many as fit into `limitMs`. */
export async function repairs(hosts: Hosts, socket: string, options: RepairOptions): Promise<number[]> {
  const tookMs: number[] = [];
  const startedMs = performance.now();
  const slots = await slotsOf(hosts);
  for (let at = 0; at < options.repairs && performance.now() - startedMs < options.limitMs; at++) {
    const before = await lastDrift(socket);
    const handMs = performance.now();
    // the flooded farm is the first: its number is 1, its slots come first
    const farmNumber = 2 + ((at * 7) % (options.farms - 1));
    const slot = slots[slots.length - 1 - (at % (slots.length >> 1))] ?? "";
    await hosts.run("balancer", ["nft", foreignHand(at, farmNumber, slot)]);
    while ((await lastDrift(socket)) === before) {
      if (performance.now() - handMs > giveUpMs)
        throw new Error(`not put right within ${giveUpMs} ms: ${foreignHand(at, farmNumber, slot)}`);
      await wait(lookMs);
    }
    tookMs.push(performance.now() - handMs);
  }
  return tookMs;
}

function foreignHand(at: number, farmNumber: number, slot: string): string {
  const hands = [
    `delete element inet sluice slots { ${slot} }`,
    `flush chain inet sluice f_${farmNumber}_4`,
    `add element inet sluice slots { 0xd1fffe00 : 0x51000001 }`,
    "insert rule inet sluice dispatch counter",
  ];
  return hands[at % hands.length] ?? "";
}

async function lastDrift(socket: string): Promise<number | null> {
  const status = agentStatusSchema.parse((await callAgent(socket, "GET", "/v1/status")).body);
  return status.drift?.at ?? null;
}

async function slotsOf(hosts: Hosts): Promise<string[]> {
  const listed = await hosts.run("balancer", ["nft", "list", "map", "inet", "sluice", "slots"]);
  return Array.from(listed.matchAll(/(0x[0-9a-f]+) :/g), (match) => match[1] ?? "").sort();
}
