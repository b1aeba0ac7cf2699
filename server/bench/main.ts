/** `npm run bench [-- rows]`: every row is a ratio or a bound measured in this run; nothing is asserted. Rows: load, traffic, change, live, heal, page. */
import { benchChange } from "./change.ts";
import { benchHeal } from "./heal.ts";
import { benchLive } from "./live.ts";
import { benchLoad } from "./load.ts";
import { benchPage } from "./page.ts";
import { printTable, type Row } from "./table.ts";
import { benchTraffic } from "./traffic.ts";

const sections: Readonly<Record<string, { title: string; run(): Promise<Row[]> }>> = {
  load: {
    title: "Full load in one transaction (goal: nft <= 500 ms)",
    run: () => benchLoad({ farms: 1000, backends: 10, rounds: 5 }),
  },
  traffic: {
    title:
      "New connections, 10 backends, peers interleaved (goal: sluice >= 1.0 x nftlb within the spread, above haproxy)",
    run: () => benchTraffic({ backends: 10, rounds: 5, connections: 30_000 }),
  },
  change: {
    title: "Server action to proven kernel change (goal: p95 <= 25 ms)",
    run: () => benchChange({ farms: 1000, backends: 10, changes: 200 }),
  },
  live: {
    title: "Live data of 10,000 backends (goal: a round of counters < 300 ms of CPU)",
    run: () => benchLive({ farms: 1000, backends: 10, entries: 100_000 }),
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

const asked = process.argv.slice(2);
const names = asked.length === 0 ? Object.keys(sections) : asked;
for (const name of names) {
  const section = sections[name];
  if (section === undefined) throw new Error(`no rows "${name}"; there are ${Object.keys(sections).join(", ")}`);
  printTable(section.title, await section.run(), (line) => process.stdout.write(`${line}\n`));
}
