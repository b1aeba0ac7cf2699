/** Where the connect time of a backend is measured, and by whom: a probe of its own, or its health check, which then connects anyway. */
import { type CheckType, checkOf, checkPort } from "../core/farm/health-check.ts";
import type { Farm } from "../core/farm/types.ts";

/** The port of a probe of its own; null = this backend is not measured, or its health check does so. */
export function connectPort(farm: Farm, index: number): number | null {
  return connectsByCheck(farm, index) ? null : trafficPort(farm, index);
}

/** Its check opens a TCP connection where the farm's traffic goes. */
export function connectsByCheck(farm: Farm, index: number): boolean {
  const check = checkOf(farm, index);
  const port = trafficPort(farm, index);
  return check !== null && port !== null && connecting.has(check.type) && checkPort(farm, index) === port;
}

const connecting: ReadonlySet<CheckType> = new Set(["tcp", "http", "https", "tls", "grpc"]);

function trafficPort(farm: Farm, index: number): number | null {
  if (farm.protocol !== "tcp") return null;
  const own = farm.backends[index]?.port;
  if (typeof own === "number") return own;
  const first = farm.ports[0];
  return first === undefined ? null : Number(String(first).split("-")[0]);
}
