/**
 * What the kernel knows of neighbours and devices, for direct return: read from `ip`, kept fresh by a datagram to each backend, which makes
 * the kernel ask for the hardware address. When a link changes, the farms concerned are programmed again in a turn of the agent's own.
 * Farms without direct return cost nothing here.
 */
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";
import * as z from "zod/mini";
import { type HostView, type Link, linkTrouble, noHost } from "../core/farm/host-view.ts";
import type { Farm } from "../core/farm/types.ts";
import { addressWithin } from "./address-prefix.ts";
import type { ConditionBook } from "./conditions.ts";
import type { Events } from "./events.ts";
import type { State } from "./plan.ts";
import type { RunProcess } from "./run-process.ts";

export type LinksDeps = {
  readonly run: RunProcess;
  readonly state: () => State;
  readonly conditions: Pick<ConditionBook, "host" | "touch" | "settle">;
  readonly events: Events;
  /** a datagram that nobody needs: the kernel looks for the neighbour */
  readonly poke: (address: string) => void;
};

export type Links = {
  /** each second */
  round(): Promise<void>;
};

const restRounds = 5;

export function createLinks(deps: LinksDeps): Links {
  let rounds = 0;
  return {
    async round() {
      const farms = directFarms(deps.state());
      if (farms.length === 0) return;
      rounds += 1;
      const isWaiting = farms.some((farm) => troubles(farm, deps.conditions.host).length > 0);
      if (!isWaiting && rounds % restRounds !== 1) return;
      for (const { backends } of farms) for (const { address } of backends) deps.poke(address);
      const next = await readHostView(deps.run);
      if (next === null || essence(farms, next) === essence(farms, deps.conditions.host)) return;
      tellChanges(deps, farms, next);
      deps.conditions.host = next;
      deps.conditions.touch(farms.map(({ id }) => id));
      await deps.conditions.settle();
    },
  };
}

/** null = `ip` could not be run. */
export async function readHostView(run: RunProcess): Promise<HostView | null> {
  const [neighbours, ...routes] = await Promise.all(
    [
      ["neigh", "show"],
      ["-4", "route", "show", "default"],
      ["-6", "route", "show", "default"],
    ].map(async (words) => {
      const result = await run("ip", ["-j", ...words], { timeoutMs: 3000 });
      return result.status === "ok" ? jsonOf(result.stdout) : null;
    }),
  );
  const parsed = neighboursSchema.safeParse(neighbours);
  if (!parsed.success) return null;
  const known = new Map<string, Link>();
  for (const { dst, lladdr, dev, state } of parsed.data)
    if (lladdr !== undefined && isDevice(dev) && !state.some((word) => useless.has(word)))
      known.set(dst, { mac: lladdr, device: dev });
  const defaults = routes.flatMap((route) => defaultSchema.safeParse(route).data?.map(({ dev }) => dev) ?? []);
  const devices = ownDevices();
  const usual = defaults.find((name) => name !== undefined && isDevice(name)) ?? null;
  return {
    neighbours: known,
    macs: new Map(devices.map(({ name, mac }) => [name, mac])),
    arrival: (vip) => arrivalOf(vip, devices) ?? usual,
  };
}

const neighboursSchema = z.array(
  z.object({
    dst: z.string(),
    dev: z.string(),
    lladdr: z.optional(z.string().check(z.regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/))),
    state: z._default(z.array(z.string()), []),
  }),
);
const defaultSchema = z.array(z.object({ dev: z.optional(z.string()) }));
const useless: ReadonlySet<string> = new Set(["FAILED", "INCOMPLETE", "NONE"]);

type Device = { readonly name: string; readonly mac: string; readonly networks: readonly [string, number][] };

/** Names go into rules: only what nft takes as a name in quotes. */
function isDevice(name: string): boolean {
  return /^[a-zA-Z0-9._-]{1,15}$/.test(name);
}

function ownDevices(): Device[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) => {
    const mac = addresses.find((each) => each.mac !== "00:00:00:00:00:00")?.mac;
    if (mac === undefined || !isDevice(name)) return [];
    return [{ name, mac, networks: addresses.map(({ cidr }) => networkOf(cidr ?? "")) }];
  });
}

function networkOf(cidr: string): [string, number] {
  const [address = "", length = "0"] = cidr.split("/");
  return [address, Number(length)];
}

/** The device that carries the VIP, or whose network holds it. */
function arrivalOf(vip: string, devices: readonly Device[]): string | undefined {
  const carrying = devices.find(({ networks }) => networks.some(([address]) => address === vip));
  const near = devices.find(({ networks }) =>
    networks.some(([address, length]) => length > 0 && addressWithin(vip, address, length)),
  );
  return (carrying ?? near)?.name;
}

function directFarms(state: State): Farm[] {
  return [...state.desired.farms.values()].flatMap(({ farm }) => (farm.forwarding === "dsr" ? [farm] : []));
}

/** What of a view these farms depend on, as text. */
function essence(farms: readonly Farm[], host: HostView): string {
  return JSON.stringify(
    farms.map(({ addresses, backends }) => [
      addresses.map((vip) => host.arrival(vip)),
      backends.map(({ address }) => {
        const link = host.neighbours.get(address);
        return link === undefined ? null : [link.mac, link.device, host.macs.get(link.device) ?? null];
      }),
    ]),
  );
}

function troubles(farm: Farm, host: HostView): { readonly id: string; readonly name: string; readonly text: string }[] {
  return farm.backends.flatMap(({ id, name }, at) => {
    const text = linkTrouble(farm, at, host);
    return text === null ? [] : [{ id, name, text }];
  });
}

function tellChanges({ conditions, events }: LinksDeps, farms: readonly Farm[], next: HostView): void {
  if (conditions.host === noHost) return;
  for (const farm of farms) {
    const before = new Map(troubles(farm, conditions.host).map(({ id, text }) => [id, text]));
    const after = troubles(farm, next);
    for (const { id, name, text } of after)
      if (!before.has(id))
        events.add({ kind: "health", farmId: farm.id, backendId: id, text: `${name} takes nothing: ${text}` });
    for (const { id, name } of farm.backends)
      if (before.has(id) && !after.some((each) => each.id === id))
        events.add({
          kind: "health",
          farmId: farm.id,
          backendId: id,
          text: `${name} can be reached by its hardware address`,
        });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text === "" ? "[]" : text);
  } catch {
    return null;
  }
}

/** Datagrams to the discard port; nobody needs to listen, and what goes wrong is seen in the neighbour table. */
export function createPoke(): { readonly poke: (address: string) => void; close(): void } {
  const sockets = { 4: createSocket("udp4"), 6: createSocket("udp6") };
  for (const socket of Object.values(sockets)) socket.on("error", () => undefined).unref();
  return {
    poke: (address) => sockets[address.includes(":") ? 6 : 4].send("", discardPort, address, () => undefined),
    close: () => {
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
}

const discardPort = 9;
