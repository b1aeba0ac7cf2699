/** Farms for the tests of this folder: ids are counted, so that a failing test reads well. */

import type { Farm } from "../farm/types.ts";
import { parseFarm } from "../farm/validate.ts";

export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

type BackendSample = {
  readonly name?: string;
  readonly address?: string;
  readonly port?: number | null;
  readonly weight?: number;
  readonly adminState?: "active" | "drain" | "maintenance";
  readonly tier?: number;
};

/** Farm `number` at 192.168.0.`number`, its backends at 192.168.`100 + number`.1 and on. */
export function sampleFarm(
  number: number,
  backends: readonly BackendSample[],
  more: Readonly<Record<string, unknown>> = {},
): Farm {
  const parsed = parseFarm({
    id: uuid(number),
    name: `farm-${number}`,
    addresses: [`192.168.0.${number}`],
    protocol: "tcp",
    ports: [80],
    backends: backends.map((backend, index) => ({
      id: backendId(number, index),
      name: `web-${index + 1}`,
      address: `192.168.${100 + number}.${index + 1}`,
      port: 80,
      ...backend,
    })),
    ...more,
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

export function backendId(farm: number, index: number): string {
  return uuid(farm * 1000 + index);
}
