/** Farm documents of the benches, and the script that the pure chain makes of them. */
import { randomUUID } from "node:crypto";
import type { Farm } from "../core/farm/types.ts";

export function farmOf(name: string, vip: string, addresses: readonly string[], port = 80): Farm {
  return {
    id: randomUUID(), name, enabled: true, addresses: [vip], protocol: "tcp", ports: [port], forwarding: "dnat", snatAddress: null, scheduler: "round-robin",
    hashFields: ["source-address"], persistence: null, onAllDown: "reject", onDown: "keep", drainSticky: "stay", sorryServer: null, healthCheck: null,
    policy: { allow: [], deny: [], newPerSecondPerSource: null, connectionsPerSource: null, dscp: null }, tags: [], notes: "",
    backends: addresses.map((address, i) => ({
      id: randomUUID(), name: `b${i}`, address, port, weight: 100, adminState: "active", tier: 0, maxConnections: null, snatAddress: null, healthCheck: null,
    })),
  };
}
export function scriptOf(_farms: readonly Farm[]): string { return "table inet x {}\n"; }
