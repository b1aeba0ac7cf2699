/** A host that traffic of direct return reaches by d0, and that knows the way to three backends behind d1 and d2. */
import type { HostView } from "../farm/host-view.ts";

export const directHost: HostView = {
  neighbours: new Map([
    ["198.51.100.10", { mac: "02:00:00:00:00:01", device: "d1" }],
    ["198.51.100.11", { mac: "02:00:00:00:00:02", device: "d2" }],
    ["2001:db8::10", { mac: "02:00:00:00:00:01", device: "d1" }],
  ]),
  macs: new Map([
    ["d1", "02:00:00:00:00:11"],
    ["d2", "02:00:00:00:00:12"],
  ]),
  arrival: () => "d0",
};
