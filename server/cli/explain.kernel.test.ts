/** What `sluice explain` says of a client is where the kernel sends it: real connections through the lab, one client address each. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FarmCalls, makeFarm } from "../lab/farm-calls.ts";
import { type OpenLab, openLab } from "../lab/open-lab.ts";
import { clientAddresses } from "../lab/places.ts";

const command = fileURLToPath(new URL("../start/sluice.mjs", import.meta.url));
const vip = { v4: "192.168.0.61", v6: "fd00:51::61" };
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [], backends: 3 });
  farms = new FarmCalls(lab.socket);
  for (const address of [`${vip.v4}/32`, `${vip.v6}/128`])
    await lab.exec("balancer", ["ip", "addr", "add", address, "dev", "front"]);
});
afterAll(() => lab.close());

function explained(client: string, target: string): { verdict: string; backend: { name: string } | null } {
  const words = ["explain", client, target, "--json", "--socket", lab.socket];
  const { stdout, stderr } = spawnSync(process.execPath, [command, ...words], { encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

async function answeredBy(source: string, address: string): Promise<string[]> {
  const report = await lab.connect({ address, port: 80, source, count: 3 });
  expect(report.failed).toBe(0);
  return Object.keys(report.answered);
}

describe("explaining a client of a farm that hashes", () => {
  it.each(["source-hash", "maglev"])("by %s names the backend that answers it, IPv4 and IPv6", async (scheduler) => {
    const backends = [0, 1, 2].flatMap((at) => [
      { name: `four-${at + 1}`, address: `192.168.100.${10 + at}`, port: 80, weight: 100 + 50 * at },
      { name: `six-${at + 1}`, address: `fd00:51:100::${10 + at}`, port: 80, weight: 100 },
    ]);
    const farm = makeFarm({ name: `by-${scheduler}`, addresses: [vip.v4, vip.v6], scheduler, backends });
    await farms.put(farm);
    try {
      const named = new Set<string>();
      for (const [client, address, target] of [
        ...clientAddresses.v4.map((each) => [each, vip.v4, `${vip.v4}:80`] as const),
        ...clientAddresses.v6.slice(0, 4).map((each) => [each, vip.v6, `[${vip.v6}]:80`] as const),
      ]) {
        const { verdict, backend } = explained(client, target);
        expect(verdict).toBe("hash");
        expect(await answeredBy(client, address)).toEqual([backend?.name.replace(/^(four|six)/, "web")]);
        named.add(backend?.name ?? "");
      }
      expect(named.size).toBeGreaterThan(2);
    } finally {
      await farms.remove(farm.id);
    }
  });
});
