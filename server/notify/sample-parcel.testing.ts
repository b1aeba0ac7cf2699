/** A message as senders get it. */
import type { Parcel } from "./parcel.ts";

export const loopback = [{ family: 4, from: 0x7f000000n, to: 0x7fffffffn }] as const;

export function sampleParcel(more: Partial<Parcel>): Parcel {
  const line = {
    ...({ at: 1_000_000, status: "problem", kind: "down", text: "web-1 is down: connection refused" } as const),
    ...{
      farm: { id: "f1", name: "shop" },
      backendId: "b1",
      backend: "web-1",
      incident: "7",
      sinceMs: 1_000_000,
      isReminder: false,
    },
  };
  return {
    notice: {
      ...{ key: "t1.f1.7", status: "problem", farm: { id: "f1", name: "shop" } },
      ...{ title: "shop: web-1 is down", lines: [line], eventIds: [7] },
    },
    settings: { kind: "webhook", origin: "http://127.0.0.1" },
    secrets: {},
    balancer: "lb-1",
    origin: "https://console.example",
    nowMs: 1_001_000,
    allowed: loopback,
    ...more,
  };
}
