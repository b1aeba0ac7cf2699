/**
 * What a farm remembers of its clients: the key (client or VIP, whole or by prefix), for how long, and in which map. One map is shared by
 * all farms that remember whole IPv4 addresses; a prefix, an own size, or IPv6 takes a map of the farm's own: nft 1.0.6 writes what is
 * remembered over the end of an IPv6 address that stands behind a farm number. Times are seconds, sizes entries.
 */
import * as z from "zod/mini";
import type { Issue } from "../result.ts";
import { familyOf } from "./address.ts";
import { isTracked } from "./forwarding.ts";
import { joinPath } from "./issues.ts";
import { formatAddress, parseNetwork } from "./networks.ts";
import type { Family, Farm } from "./types.ts";

const persistenceLimits = { timeoutSMax: 86_400, sizeMax: 1_048_576 } as const;
/** Entries of a map of the farm's own that says no size, each family. */
export const ownSizeDefault = 65_536;

const stickyTime = `A time is a whole number of seconds from 1 to ${persistenceLimits.timeoutSMax}`;
const stickySize = `A size is a whole number from 1 to ${persistenceLimits.sizeMax}`;

export const persistenceSchema = z.strictObject({
  /** what is remembered: the client, or the address of the farm that it asked for */
  by: z._default(
    z.enum(["source-address", "destination-address"], "By is source-address or destination-address"),
    "source-address",
  ),
  /** slides: begins anew with every connection */
  timeoutS: z._default(
    z.int(stickyTime).check(z.gte(1, stickyTime), z.lte(persistenceLimits.timeoutSMax, stickyTime)),
    120,
  ),
  prefixV4: z._default(prefixLength(32), 32),
  prefixV6: z._default(prefixLength(128), 64),
  /** entries of a map of the farm's own, each family; null = the shared map, or the usual size where the farm needs an own one */
  size: z._default(
    z.nullable(z.int(stickySize).check(z.gte(1, stickySize), z.lte(persistenceLimits.sizeMax, stickySize))),
    null,
  ),
});

export type Persistence = z.output<typeof persistenceSchema>;

/** How one family of a farm remembers. `ownSize` null: in the shared map. */
export type Remembered = {
  readonly by: Persistence["by"];
  readonly timeoutS: number;
  /** bits of the address that count */
  readonly prefix: number;
  readonly isWhole: boolean;
  readonly ownSize: number | null;
};

export function rememberedBy({ by, timeoutS, prefixV4, prefixV6, size }: Persistence, family: Family): Remembered {
  const prefix = family === 4 ? prefixV4 : prefixV6;
  const isWhole = prefix === bitsOf[family];
  return { by, timeoutS, prefix, isWhole, ownSize: size ?? (isWhole && family === 4 ? null : ownSizeDefault) };
}

/** Combinations that cannot work, each with its reason. */
export function persistenceIssues(farm: Farm): Issue[] {
  return [...trackingIssues(farm), ...destinationIssues(farm), ...sorryIssues(farm)];
}

/** First address of the prefix of this length that a canonical address lies in. */
export function prefixOf(address: string, length: number): string {
  const network = parseNetwork(address);
  if (typeof network === "string") throw new Error(network);
  const { family, from } = network;
  return formatAddress(family, from - (from % (1n << BigInt(bitsOf[family] - length))));
}

/** The address of which the first `length` bits are set: what a rule masks by. */
export function maskText(family: Family, length: number): string {
  const rest = 1n << BigInt(bitsOf[family] - length);
  return formatAddress(family, (1n << BigInt(bitsOf[family])) - rest);
}

const bitsOf: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

function prefixLength(bits: number) {
  const message = `A prefix length is a whole number from 1 to ${bits}`;
  return z.int(message).check(z.gte(1, message), z.lte(bits, message));
}

/** Backends are remembered, counted and replaced by the mark of the connection. */
function trackingIssues(farm: Farm): Issue[] {
  if (isTracked(farm)) return [];
  const why = `forwarding ${farm.forwarding} tracks no connections`;
  const issues: Issue[] = [];
  const refuse = (isAsked: boolean, path: string, what: string) => {
    if (isAsked) issues.push({ path, message: `${what}: ${why}` });
  };
  refuse(farm.persistence !== null, "persistence", "Clients cannot be remembered");
  refuse(farm.pins.length > 0, "pins", "Clients cannot be pinned");
  refuse(farm.sorryServer !== null, "sorryServer", "A sorry server cannot stand in");
  for (const [at, { maxConnections }] of farm.backends.entries())
    refuse(maxConnections !== null, `${joinPath("backends", at)}.maxConnections`, "Connections cannot be limited");
  return issues;
}

/** By destination, all clients of one key share a backend: where every address of a family has the same key that is all clients. */
function destinationIssues({ persistence, addresses }: Farm): Issue[] {
  if (persistence?.by !== "destination-address") return [];
  return ([4, 6] as const).flatMap((family) => {
    const own = addresses.filter((address) => familyOf(address) === family);
    if (own.length === 0) return [];
    const { prefix } = rememberedBy(persistence, family);
    if (new Set(own.map((address) => prefixOf(address, prefix))).size > 1) return [];
    if (own.length > 1)
      return [
        {
          path: `persistence.prefixV${family}`,
          message: `Every IPv${family} address of the farm lies in one /${prefix}, so every client has the same backend: remember longer prefixes (/${bitsOf[family]} is the whole address)`,
        },
      ];
    const message = `By destination address every client of ${own[0]} has the same backend: give the farm several IPv${family} addresses, or remember the source address`;
    return [{ path: "persistence.by", message }];
  });
}

function sorryIssues({ sorryServer, addresses, ports, protocol }: Farm): Issue[] {
  if (sorryServer === null) return [];
  const { address, port } = sorryServer;
  const issues: Issue[] = [];
  if (!addresses.some((vip) => familyOf(vip) === familyOf(address)))
    issues.push({
      path: "sorryServer.address",
      message: `${address} is of IPv${familyOf(address)}, which no address of the farm is`,
    });
  if (addresses.includes(address))
    issues.push({ path: "sorryServer.address", message: `${address} is an address of the farm itself` });
  if (port !== null && (ports.length === 0 || protocol === "all"))
    issues.push({
      path: "sorryServer.port",
      message: "A farm of every port keeps the client's port: leave the sorry server's port empty",
    });
  return issues;
}
