/** Full load of many farms in one transaction: the pure chain's own time, and `nft -f` of its script in an empty namespace. */
import { performance } from "node:perf_hooks";
import { manyFarms, scriptOf } from "./farms.ts";
import { openHosts } from "./hosts.ts";
import { median, type Row } from "./table.ts";

export async function benchLoad(options: { farms: number; backends: number; rounds: number }): Promise<Row[]> {
  const farms = manyFarms(options.farms, options.backends);
  const hosts = openHosts();
  const compileMs: number[] = [];
  const loadMs: number[] = [];
  try {
    for (let round = 0; round < options.rounds; round++) {
      const started = performance.now();
      const script = scriptOf(farms);
      compileMs.push(performance.now() - started);
      await hosts.run("balancer", ["nft", "flush", "ruleset"]);
      const loading = performance.now();
      await hosts.run("balancer", ["nft", "-f", "-"], script);
      loadMs.push(performance.now() - loading);
    }
  } finally {
    hosts.close();
  }
  const figures = {
    "compile ms": median(compileMs).toFixed(0),
    "nft -f ms": median(loadMs).toFixed(0),
    rounds: String(options.rounds),
  };
  return [{ name: `full load ${options.farms} x ${options.backends}`, figures }];
}
