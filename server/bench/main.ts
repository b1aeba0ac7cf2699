/**
 * `npm run bench [-- rows]`: every row is a ratio or a bound measured in this run; nothing is asserted. Each section takes less than five
 * minutes; those that take long, up to half an hour, run only by their name.
 */
import { benchAgent } from "./agent.ts";
import { benchChange } from "./change.ts";
import { benchChecks } from "./checks.ts";
import { benchEvents } from "./events.ts";
import { benchFailover } from "./failover.ts";
import { benchFull } from "./full.ts";
import { benchHeal } from "./heal.ts";
import { benchLive } from "./live.ts";
import { benchLoad } from "./load.ts";
import { benchModes } from "./modes.ts";
import { benchPage } from "./page.ts";
import { benchRepairs, benchRewrites } from "./rewrites.ts";
import { entriesOf } from "./scale.ts";
import { printTable, type Row } from "./table.ts";
import { benchTraffic } from "./traffic.ts";
import { benchWeigh } from "./weigh.ts";

const farmSizes = [1, 10, 100, 1000].map((farms) => ({ farms, backends: 10 }));
const backendSizes = [2, 10, 100, 1000].map((backends) => ({ farms: 1, backends }));
/** what does not fit into the time is left out, and the row says how many there were */
const flooded = { farms: 1000, backends: 5, limitMs: 1_500_000 };

type Section = {
  readonly title: string;
  /** runs only by its name */
  readonly isLong?: boolean;
  run(): Promise<Row[]>;
};

const sections: Readonly<Record<string, Section>> = {
  load: {
    title: "Full load in one transaction (goal: nft <= 500 ms)",
    run: () => benchLoad({ farms: 1000, backends: 10, rounds: 5 }),
  },
  traffic: {
    title:
      "New connections, 10 backends, peers interleaved (goal: sluice >= 1.0 x nftlb within the spread, above haproxy; CPU <= 1.05 x conntrack only)",
    run: () => benchTraffic({ entries: entriesOf([{ farms: 1, backends: 10 }]), rounds: 7, connections: 15_000 }),
  },
  modes: {
    title: "Forwarding without tracking against dnat (new connections a CPU second)",
    run: () => benchModes({ rounds: 7, connections: 15_000 }),
  },
  agent: {
    title:
      "One weight change in the agent, a fifth of the farms sticky (goal: apply <= 3 ms at 1,000 farms, <= 8 ms at 5,000)",
    run: () => benchAgent({ farms: [1000, 5000], backends: 10, changes: 600, between: 3000 }),
  },
  full: {
    title: "Full load of an agent, and its restart under a flood (goal: turn <= 3000 ms, RSS <= 400 MB, 0 lost)",
    run: () => benchFull({ farms: 1000, backends: 100 }),
  },
  "scale-farms": {
    title:
      "1 to 1,000 farms, traffic to the last (goal: conn/s and p99 within 10 % of the smallest, sluice >= 1.0 x nftlb)",
    isLong: true,
    run: () => benchTraffic({ entries: entriesOf(farmSizes), rounds: 3, connections: 8000 }),
  },
  "scale-backends": {
    title: "2 to 1,000 backends (goal: conn/s and p99 within 10 % of the smallest, sluice >= 1.0 x nftlb)",
    isLong: true,
    run: () => benchTraffic({ entries: entriesOf(backendSizes), rounds: 5, connections: 8000 }),
  },
  rewrites: {
    title: "Weights rewritten under a flood of new connections (goal: 10,000 rewrites, 0 lost)",
    isLong: true,
    run: () => benchRewrites({ ...flooded, rewrites: 10_000 }),
  },
  repairs: {
    title: "Repairs after a foreign hand under a flood of new connections (goal: 100 repairs, 0 lost)",
    isLong: true,
    run: () => benchRepairs({ ...flooded, repairs: 100 }),
  },
  change: {
    title: "Server action to proven kernel change (goal: p95 <= 25 ms)",
    run: () => benchChange({ farms: 1000, backends: 10, changes: 200 }),
  },
  checks: {
    title: "Health checks each second (goal: 5,000 ping, TCP, HTTP within one core; TLS and gRPC >= 300)",
    run: () => benchChecks({ backends: 5000, heavyBackends: 1000, forS: 10 }),
  },
  failover: {
    title: "From the last failed probe to a kernel without that backend (goal: <= 50 ms)",
    run: () => benchFailover({ farms: 1000, backends: 10, failures: 100 }),
  },
  live: {
    title: "Live data of 10,000 backends (goal: a round of counters < 300 ms of CPU)",
    run: () => benchLive({ farms: 1000, backends: 10, entries: 100_000 }),
  },
  events: {
    title: "Latency from real traffic (goal: 10,000 new connections/s heard in <= 25 % of a core, none lost)",
    run: () => benchEvents({ rounds: 5, connections: 30_000 }),
  },
  weigh: {
    title: "Weights by measurement, 1,000 farms x 10 backends (goal: a round <= 150 ms of CPU)",
    run: () => benchWeigh({ farms: 1000, backends: 10 }),
  },
  heal: {
    title: "Foreign changes put right (goal: rules back <= 100 ms after a flush, an element <= 1 s)",
    run: () => benchHeal({ farms: 1000, backends: 5, rounds: 7 }),
  },
  page: {
    title: "Farm page JavaScript, gzipped (goal: <= 230 KB before first paint, <= 340 KB with charts)",
    run: benchPage,
  },
};

// what a section opened is closed at the end, also at this one
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(1));

const asked = process.argv.slice(2);
const usual = Object.keys(sections).filter((name) => sections[name]?.isLong !== true);
const names = asked.length === 0 ? usual : asked;
for (const name of names) {
  const section = sections[name];
  if (section === undefined) throw new Error(`no rows "${name}"; there are ${Object.keys(sections).join(", ")}`);
  printTable(section.title, await section.run(), (line) => process.stdout.write(`${line}\n`));
}
