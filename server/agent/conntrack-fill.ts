/** Events about how full connection tracking is: at 80 and at 95 percent, and when it is well below again. */
import type { Events } from "./events.ts";
import { conntrackFillPct, type HostFacts } from "./vips.ts";

/** told when it is reached; left only this far below, so that a level that wavers is told once */
const levelsPct = [80, 95];
const hysteresisPct = 5;

export function createConntrackFill(events: Pick<Events, "add">) {
  let level = 0;
  return (facts: Pick<HostFacts, "conntrackUsed" | "conntrackMax">): void => {
    const pct = conntrackFillPct(facts);
    if (pct === null) return;
    const reached = levelsPct.filter((limit) => pct >= limit).length;
    const kept = levelsPct.filter((limit) => pct >= limit - hysteresisPct).length;
    const next = reached > level ? reached : Math.min(level, kept);
    if (next === level) return;
    const numbers = `${facts.conntrackUsed} of ${facts.conntrackMax}`;
    const text =
      next > level
        ? `Connection tracking is ${pct.toFixed(0)} % full (${numbers}); at 100 % new connections are dropped: raise net.netfilter.nf_conntrack_max`
        : `Connection tracking is at ${pct.toFixed(0)} % again (${numbers})`;
    events.add({ kind: "limit", text });
    level = next;
  };
}
