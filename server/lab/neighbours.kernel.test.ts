import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";

let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

const backends = (port: number) => [
  { address: "192.168.100.10", port },
  { address: "192.168.100.11", port },
];

describe("farms beside each other", () => {
  test("what happens to one farm does not touch connections or shares of another", async () => {
    const quiet = makeFarm({
      name: "quiet",
      addresses: ["192.168.0.40"],
      scheduler: "round-robin",
      backends: backends(80),
    });
    const busy = makeFarm({ name: "busy", addresses: ["192.168.0.41"], scheduler: "weighted", backends: backends(80) });
    await farms.put(quiet);
    await farms.put(busy);
    const held = await lab.hold({ address: "192.168.0.40", port: 80, count: 4 });
    await farms.weights(busy, [1000, 1]);
    await farms.state(busy, 1, "maintenance");
    await farms.cut(busy, 1);
    await farms.remove(busy.id);
    const still = await lab.held({ ids: held.map((one) => one.id), action: "ask" });
    expect(still.map(({ backend, error }) => ({ backend, error }))).toEqual(
      held.map(({ backend }) => ({ backend, error: null })),
    );
    const report = await lab.connect({ address: "192.168.0.40", port: 80, count: 100 });
    expect(report.answered).toEqual({ "web-1": 50, "web-2": 50 });
    await farms.remove(quiet.id);
  });
});

const foreign = `table inet foreign {
  set mine { type ipv4_addr; elements = { 10.1.2.3 }; }
  chain marking {
    type filter hook prerouting priority mangle; policy accept;
    ip daddr 192.168.100.10 tcp dport 8080 ct state new ct mark set 0x00001234
    ip daddr 192.168.100.11 tcp dport 8080 ct state new ct mark set 0x80000001
  }
}
`;
/** small and high marks: both look like ours to rules that forget the tag byte */
const foreignMarks = ["0x1234", "0x80000001"];

describe("other users of the same kernel", () => {
  test("tables of others read the same before and after our changes", async () => {
    expect((await lab.exec("balancer", ["nft", "-f", "-"], foreign)).code).toBe(0);
    const list = async () => (await lab.exec("balancer", ["nft", "list", "table", "inet", "foreign"])).stdout;
    const before = await list();
    expect(before).toContain("10.1.2.3");
    const farm = makeFarm({ name: "guest", addresses: ["192.168.0.42"], backends: backends(80) });
    await farms.put(farm);
    await farms.weights(farm, [1, 999]);
    await farms.remove(farm.id);
    expect(await list()).toBe(before);
  });

  test("forwarded connections with marks of others pass, keep their mark, and are not counted", async () => {
    await lab.exec("balancer", ["nft", "-f", "-"], `delete table inet foreign\n${foreign}`);
    const farm = makeFarm({ name: "beside", addresses: ["192.168.0.43"], backends: backends(8080) });
    await farms.put(farm);
    const counted = async () => (await lab.exec("balancer", ["nft", "list", "set", "inet", "sluice", "bin"])).stdout;
    const before = await counted();
    expect(before).toContain("counter packets");
    // straight to the backends, through the balancer but through no farm
    const held = [
      ...(await lab.hold({ address: "192.168.100.10", port: 8080, source: "192.168.0.107" })),
      ...(await lab.hold({ address: "192.168.100.11", port: 8080, source: "192.168.0.107" })),
    ];
    expect(held.map((one) => one.backend)).toEqual(["web-1", "web-2"]);
    const tracked = (await lab.exec("balancer", ["conntrack", "-L", "-s", "192.168.0.107", "-p", "tcp"])).stdout;
    for (const mark of foreignMarks) expect(tracked).toContain(`mark=${Number(mark)}`);
    expect(await counted()).toBe(before);
    await lab.held({ ids: held.map((one) => one.id), action: "release" });
    await farms.remove(farm.id);
  });
});
