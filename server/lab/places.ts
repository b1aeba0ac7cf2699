/**
 * Where a lab keeps its things: names of namespaces, folders, sockets, addresses. One run id names all of them, so that clean-up
 * can tell what belongs to a run. Addresses are private and exist in the lab's namespaces only.
 */
import { labAgentSocket } from "../platform/lab-folder.ts";

export type Places = {
  readonly runId: string;
  readonly runFolder: string;
  readonly lockFile: string;
  readonly infoFile: string;
  readonly labSocket: string;
  /** owned by the agent's user; holds the two sockets below */
  readonly agentFolder: string;
  readonly agentSocket: string;
  readonly proberSocket: string;
};

export function placesOf(runsFolder: string, runId: string): Places {
  const runFolder = `${runsFolder}/${runId}`;
  const agentFolder = `${runFolder}/agent`;
  return {
    runId,
    runFolder,
    lockFile: `${runFolder}/lock`,
    infoFile: `${runFolder}/run.json`,
    labSocket: `${runFolder}/lab.sock`,
    agentFolder,
    agentSocket: labAgentSocket(runsFolder, runId),
    proberSocket: `${agentFolder}/prober.sock`,
  };
}

export function namespaceOf(runId: string, short: string): string {
  return `sl-${runId}-${short}`;
}

export function backendName(index: number): string {
  return `web-${index + 1}`;
}

export function backendAddresses(index: number): { readonly v4: string; readonly v6: string } {
  return { v4: `192.168.100.${10 + index}`, v6: `fd00:51:100::${(10 + index).toString()}` };
}

export const gateway = { front4: "192.168.0.1", front6: "fd00:51::1", back4: "192.168.100.1", back6: "fd00:51:100::1" };

const clientCount = 10;
export const clientAddresses = {
  v4: Array.from({ length: clientCount }, (_, i) => `192.168.0.${101 + i}`),
  v6: Array.from({ length: clientCount }, (_, i) => `fd00:51::${101 + i}`),
};

/** Addresses the lab's balancer carries as VIPs as soon as a farm asks for them: the clients' own networks. */
export function isLabVip(address: string): boolean {
  if (address.includes(":")) return /^fd00:51::[0-9a-f]{1,4}$/.test(address) && address !== gateway.front6;
  const last = /^192\.168\.0\.(\d+)$/.exec(address)?.[1];
  return last !== undefined && Number(last) > 1 && !clientAddresses.v4.includes(address) && Number(last) < 255;
}

export const vipsAtStart = ["192.168.0.40", "192.168.0.41", "192.168.0.42", "192.168.0.43", "fd00:51::40"];
