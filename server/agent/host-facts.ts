/** Reads what the host says about itself: addresses, sysctls of this network namespace, rights of a process. Reads only. */
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { type HostFacts, type Interface, rpFilterStrict } from "./vips.ts";

export function readInterfaces(): Interface[] | null {
  try {
    return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
      (addresses ?? []).map(({ address, cidr }) => ({
        name,
        address,
        prefixLength: Number(cidr?.split("/")[1] ?? (address.includes(":") ? 128 : 32)),
      })),
    );
  } catch {
    return null;
  }
}

/** 1: connections that began before tracking did are taken over; null = not known. */
export function readTcpLoose(): number | null {
  return readNumber("/proc/sys/net/netfilter/nf_conntrack_tcp_loose");
}

/** 1: connection tracking notes the times of connections, and of its events; null = it does not run, or cannot. */
export function readConnectionStamping(): number | null {
  return readNumber("/proc/sys/net/netfilter/nf_conntrack_timestamp");
}

export async function readHostFacts(): Promise<HostFacts> {
  const flag = (path: string) => {
    const value = readNumber(path);
    return value === null ? null : value !== 0;
  };
  return {
    forward4: flag("/proc/sys/net/ipv4/ip_forward"),
    forward6: flag("/proc/sys/net/ipv6/conf/all/forwarding"),
    ...(await reversePathFilters()),
    conntrackUsed: readNumber("/proc/sys/net/netfilter/nf_conntrack_count"),
    conntrackMax: readNumber("/proc/sys/net/netfilter/nf_conntrack_max"),
  };
}

/** The kernel takes the larger of "all" and the interface's own; 1 (strict) of these is the one that loses packets. */
async function reversePathFilters(): Promise<Pick<HostFacts, "rpFilter" | "strictInterfaces" | "interfaceCount">> {
  const folder = "/proc/sys/net/ipv4/conf";
  try {
    const names = (await readdir(folder)).filter((name) => name !== "all" && name !== "default" && name !== "lo");
    const all = readNumber(`${folder}/all/rp_filter`) ?? 0;
    const effective = names.map((name) => Math.max(all, readNumber(`${folder}/${name}/rp_filter`) ?? 0));
    const strictInterfaces = names.filter((_, at) => effective[at] === rpFilterStrict);
    const rpFilter = strictInterfaces.length > 0 ? rpFilterStrict : Math.max(all, ...effective);
    return { rpFilter, strictInterfaces, interfaceCount: names.length };
  } catch {
    return { rpFilter: null, strictInterfaces: [], interfaceCount: 0 };
  }
}

function readNumber(path: string): number | null {
  try {
    const value = Number(readFileSync(path, "utf8").trim());
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

export type ProcessRights = { readonly uid: number | null; readonly capabilities: string | null };

/** uid and effective capabilities as the kernel reports them; nulls when the process is gone. */
export function processRights(pid: number | null): ProcessRights {
  if (pid === null) return { uid: null, capabilities: null };
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const uid = /^Uid:\s+([0-9]+)/m.exec(status)?.[1];
    const effective = /^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1];
    return {
      uid: uid === undefined ? null : Number(uid),
      capabilities: effective === undefined ? null : capabilityNames(BigInt(`0x${effective}`)),
    };
  } catch {
    return { uid: null, capabilities: null };
  }
}

const netAdminBit = 12n;

/** In words: what matters is whether it is nothing, CAP_NET_ADMIN alone, or more. */
function capabilityNames(effective: bigint): string {
  if (effective === 0n) return "none";
  if (effective === 1n << netAdminBit) return "CAP_NET_ADMIN only";
  return (effective & (1n << netAdminBit)) === 0n
    ? `0x${effective.toString(16)}`
    : `CAP_NET_ADMIN and more (0x${effective.toString(16)})`;
}
