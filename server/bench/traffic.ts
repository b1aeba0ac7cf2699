/**
 * New connections/s, p99 and CPU per connection through each peer and size: in every round all of them once, in random order, so that a busy
 * moment of the machine hits all alike. Ratios are taken within a round and their median shown.
 */
import { openHosts } from "./hosts.ts";
import type { Peer } from "./peers.ts";
import { type Sample, sampleOf } from "./sample.ts";
import { median, medianRatio, type Row, spreadPct } from "./table.ts";

/** One line of the table: a peer with so many farms of so many backends. */
export type Entry = { readonly peer: Peer; readonly farms: number; readonly backends: number };

export type TrafficOptions = {
  readonly entries: readonly Entry[];
  readonly rounds: number;
  readonly connections: number;
};

export async function benchTraffic({ entries, rounds, connections }: TrafficOptions): Promise<Row[]> {
  const hosts = openHosts();
  const samples = new Map<Entry, Sample[]>(entries.map((entry) => [entry, []]));
  try {
    for (let round = 0; round < rounds; round++)
      for (const entry of shuffled(entries)) {
        const site = { vips: hosts.vips(entry.farms), backends: hosts.backends(entry.backends) };
        samples.get(entry)?.push(await sampleOf(hosts, entry.peer, site, connections));
      }
  } finally {
    hosts.close();
  }
  return entries.map((entry) => row(entry, entries, samples));
}

function row(entry: Entry, entries: readonly Entry[], samples: ReadonlyMap<Entry, readonly Sample[]>): Row {
  const list = samples.get(entry) ?? [];
  const ratio = (other: Entry | undefined, figure: (sample: Sample) => number) => {
    const against = other === undefined ? undefined : samples.get(other);
    return against === undefined ? "" : medianRatio(list.map(figure), against.map(figure)).toFixed(2);
  };
  const named = (name: string, isSameSize: boolean) =>
    entries.find(
      ({ peer, farms, backends }) =>
        peer.name === name && (!isSameSize || (farms === entry.farms && backends === entry.backends)),
    );
  const smallest = named(entry.peer.name, false);
  return {
    name: `${entry.peer.name}, ${entry.farms} x ${entry.backends}`,
    figures: {
      "conn/s": median(list.map(({ perS }) => perS)).toFixed(0),
      "x nftlb": ratio(named("nftlb", true), ({ perS }) => perS),
      "x smallest": smallest === entry ? "" : ratio(smallest, ({ perS }) => perS),
      "p99 ms": median(list.map(({ p99Ms }) => p99Ms)).toFixed(2),
      "p99 x smallest": smallest === entry ? "" : ratio(smallest, ({ p99Ms }) => p99Ms),
      "CPU us/conn": median(list.map(({ cpuUs }) => cpuUs)).toFixed(0),
      "x conntrack": ratio(named("conntrack only", false), ({ cpuUs }) => cpuUs),
      "spread %": spreadPct(list.map(({ perS }) => perS)).toFixed(0),
      failed: String(list.reduce((sum, { failed }) => sum + failed, 0)),
    },
  };
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
