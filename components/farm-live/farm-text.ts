/** How a farm is written in a line: addresses with ports, scheduler, stickiness. Pure. */
import { formatCounted } from "@/components/ui/numbers.ts";
import { checkBrief } from "@/server/core/change/explain-checks.ts";
import { type Measure, measureOf } from "@/server/core/dynamic/costs.ts";
import { usesHashFields } from "@/server/core/farm/hash-slots.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";

/** [2001:db8::1] in front of a port, bare otherwise. */
function hostText(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

/** "80,443" or "every port". */
function portsText(ports: Farm["ports"]): string {
  return ports.length === 0 ? "every port" : ports.join(",");
}

/** "192.168.0.40:80" of each VIP; every port is left out. */
export function vipTexts({ addresses, ports }: Pick<Farm, "addresses" | "ports">): string[] {
  return addresses.map((address) => (ports.length === 0 ? address : `${hostText(address)}:${portsText(ports)}`));
}

/** "192.168.100.10:80"; a port of null keeps the client's. */
export function backendAddressText({
  address,
  port,
}: {
  readonly address: string;
  readonly port: number | null;
}): string {
  return port === null ? address : `${hostText(address)}:${port}`;
}

/** The page of one backend. */
export function backendHref(farmId: string, backendId: string): string {
  return `/farms/${farmId}/backends/${backendId}`;
}

const forwardings: Record<Farm["forwarding"], string> = {
  dnat: "dnat, client address kept",
  snat: "snat",
  dsr: "direct return",
  stateless: "stateless",
};

export function forwardingText({ forwarding, snatAddress }: Pick<Farm, "forwarding" | "snatAddress">): string {
  if (forwarding !== "snat") return forwardings[forwarding];
  return snatAddress === null ? "snat, masquerade" : `snat from ${snatAddress}`;
}

/** What the shares go by, where the scheduler's name does not say it all. */
const measureWords: Record<Measure, string> = {
  connections: "open connections",
  response: "times to answer",
  load: "CPU load",
  wanted: "agent-check",
};

type Scheduled = Pick<Farm, "scheduler" | "hashFields" | "dynamic" | "healthCheck">;

export function schedulerText(farm: Scheduled): string {
  const { scheduler, hashFields } = farm;
  const measure = measureOf(farm);
  if (measure !== null) return `${scheduler}, weights follow ${measureWords[measure]}`;
  if (scheduler === "least-load") return `${scheduler}, weights fixed: no source is named`;
  if (!usesHashFields(scheduler) || !hashFields.includes("source-port")) return scheduler;
  return hashFields.includes("source-address") ? `${scheduler} by address and port` : `${scheduler} by port`;
}

export function stickyText({ persistence, pins }: Pick<Farm, "persistence" | "pins">): string {
  const pinned = pins.length === 0 ? "" : formatCounted(pins.length, "pin");
  if (persistence === null) return pinned === "" ? "no" : `only ${pinned}`;
  const key = `${persistence.by.replace("-", " ")}, ${persistence.timeoutS} s`;
  return pinned === "" ? key : `${key}, ${pinned}`;
}

/** "HTTP GET /health every 2 s; 1 in its own way", or that nobody asks. */
export function checkFactText({ healthCheck, backends }: Pick<Farm, "healthCheck" | "backends">): string {
  const own = backends.filter((backend) => backend.healthCheck !== null).length;
  const farm = healthCheck === null ? "none" : checkBrief(healthCheck);
  return own === 0 ? farm : `${farm}; ${own} in ${own === 1 ? "its" : "their"} own way`;
}

/** How many serve and why not more, beside the farm's word. */
export function rowText(
  { word, serving, total, reason, panic }: Pick<FarmRow, "word" | "serving" | "total" | "reason" | "panic">,
  isLost: boolean,
): string {
  // a panic has a line of its own, in the same words
  const text = `${serving} of ${total} serving${reason === null || reason === panic ? "" : `. ${reason}`}`;
  if (isLost) return `last known: ${word === "stopped" ? "not serving" : text}`;
  return word === "stopped" ? "new connections are not answered" : text;
}
