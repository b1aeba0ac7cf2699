import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc32c } from "./crc32c.testing.ts";
import { FarmCalls, makeFarm } from "./farm-calls.ts";
import { type OpenLab, openLab } from "./open-lab.ts";
import { rawExchange } from "./raw-socket.testing.ts";

const both4 = [{ address: "192.168.100.10" }, { address: "192.168.100.11" }];
const both6 = [{ address: "fd00:51:100::10" }, { address: "fd00:51:100::11" }];
const client4 = "192.168.0.105";
const client6 = "fd00:51::105";
const icmp = { v4: 1, v6: 58 };
const sctp = 132;
let lab: OpenLab;
let farms: FarmCalls;

beforeAll(async () => {
  lab = await openLab({ clients: false, farms: [] });
  farms = new FarmCalls(lab.socket);
});
afterAll(() => lab.close());

async function carry(vip: string): Promise<void> {
  const words = vip.includes(":") ? [`${vip}/128`, "dev", "front", "nodad"] : [`${vip}/32`, "dev", "front"];
  await lab.exec("balancer", ["ip", "addr", "add", ...words]);
}

describe("a farm of all protocols", () => {
  const vip4 = "192.168.0.91";
  const vip6 = "fd00:51::91";

  beforeAll(async () => {
    await carry(vip4);
    await carry(vip6);
    const farm = { name: "whole", addresses: [vip4, vip6], protocol: "all", ports: [], scheduler: "round-robin" };
    await farms.put(
      makeFarm({ ...farm, backends: [...both4, ...both6].map((each, i) => ({ ...each, name: `b-${i}` })) }),
    );
  });

  test.each([80, 443, 8080])("answers TCP port %d with the client's port and address kept", async (port) => {
    for (const [address, source] of [
      [vip4, client4],
      [vip6, client6],
    ] as const) {
      const report = await lab.connect({ address, port, count: 10, source });
      expect(report).toMatchObject({ failed: 0, seenAs: { [source]: 10 }, answered: { "web-1": 5, "web-2": 5 } });
    }
  });

  test("answers UDP", async () => {
    for (const address of [vip4, vip6]) {
      const report = await lab.connect({ protocol: "udp", address, port: 5353, count: 10 });
      expect(report).toMatchObject({ failed: 0, answered: { "web-1": 5, "web-2": 5 } });
    }
  });

  test("answers ping by its backends, IPv4 and IPv6", async () => {
    const before = await received("bin");
    for (let number = 1; number <= 4; number++) {
      const payload = echo4(number);
      const sent = { protocol: icmp.v4, at: client4, send: { to: vip4, payload }, waitMs: 2000, expects: "0000" };
      expect(await rawExchange(lab, "clients", sent)).toMatchObject({ from: vip4 });
      const six = { protocol: icmp.v6, at: client6, send: { to: vip6, payload: echo6(number) }, waitMs: 2000 };
      expect(await rawExchange(lab, "clients", { ...six, expects: "8100" })).toMatchObject({ from: vip6 });
    }
    expect((await received("bin")) - before).toBe(8);
  });

  test("forgets flows that are older than itself, and of a backend that leaves, but no TCP connection", async () => {
    const vip = "192.168.0.92";
    await carry(vip);
    const [early] = await lab.hold({ protocol: "udp", address: vip, port: 5353, timeoutMs: 300 });
    const farm = makeFarm({ name: "late-all", addresses: [vip], protocol: "all", ports: [], backends: both4 });
    await farms.put(farm);
    const ask = async (id: number) => (await lab.held({ ids: [id], action: "ask", timeoutMs: 200 }))[0]?.backend;
    await expect.poll(() => ask(early?.id ?? 0)).toMatch(/^web-[12]$/);
    const kept = await lab.hold({ address: vip, port: 80, count: 4 });
    const flows = await lab.hold({ protocol: "udp", address: vip, port: 53, count: 4 });
    await farms.put({ ...farm, backends: farm.backends.slice(1) });
    for (const { id } of flows) await expect.poll(() => ask(id)).toBe("web-2");
    const still = await lab.held({ ids: kept.map(({ id }) => id), action: "ask" });
    expect(still.map(({ backend }) => backend)).toEqual(kept.map(({ backend }) => backend));
    expect(still.every(({ isOpen }) => isOpen)).toBe(true);
  });
});

describe("an SCTP farm", () => {
  test.each([
    ["IPv4", "192.168.0.93", client4, both4[0]],
    ["IPv6", "fd00:51::93", client6, both6[0]],
  ])("over %s brings an INIT to the backend's port and its answer back from the VIP", async (_, vip, client, to) => {
    await carry(vip);
    const farm = makeFarm({
      name: "signalling",
      addresses: [vip],
      protocol: "sctp",
      ports: [3868],
      backends: [{ ...to, port: 3869 }],
    });
    await farms.put(farm);
    const init = sctpPacket({ from: 40_001, to: 3868, verification: 0, chunk: initChunk(1, 0x1111_1111) });
    const acknowledged = sctpPacket({
      from: 3869,
      to: 40_001,
      verification: 0x1111_1111,
      chunk: initChunk(2, 0x2222_2222),
    });
    const listening = { protocol: sctp, at: to?.address ?? "", send: null, reply: acknowledged, waitMs: 5000 };
    let arrived: Awaited<ReturnType<typeof rawExchange>> | undefined;
    const backend = rawExchange(lab, "web-1", listening).then((packet) => {
      arrived = packet;
    });
    const asking = { protocol: sctp, at: client, send: { to: vip, payload: init }, waitMs: 200 };
    // the listener needs a moment: an INIT is sent again until it is answered, as an association's end would
    const answer = async () => rawExchange(lab, "clients", asking);
    await expect.poll(answer).toMatchObject({ from: vip });
    await backend;
    expect(arrived?.from).toBe(client);
    expect(arrived?.payload.slice(0, 8)).toBe(portsText(40_001, 3869));
    const tracked = (
      await lab.exec("balancer", ["conntrack", "-L", "-f", vip.includes(":") ? "ipv6" : "ipv4", "-p", "sctp"])
    ).stdout;
    expect(tracked).toContain("dport=3868");
    expect(tracked).toContain("sport=3869");
    await farms.remove(farm.id);
  });
});

/** Packets that a set of the rules counted, all backends together. */
async function received(set: "bin" | "bout"): Promise<number> {
  const { stdout } = await lab.exec("balancer", ["nft", "list", "set", "inet", "sluice", set]);
  return Array.from(stdout.matchAll(/packets ([0-9]+)/g), (match) => Number(match[1])).reduce((a, b) => a + b, 0);
}

/** Echo request, identifier 0x5151 + number so that each is a flow of its own. */
function echo4(number: number): string {
  const packet = Buffer.from([8, 0, 0, 0, 0x51, 0x51 + number, 0, 1, 1, 2, 3, 4]);
  let sum = 0;
  for (let at = 0; at < packet.length; at += 2) sum += packet.readUInt16BE(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  packet.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, 2);
  return packet.toString("hex");
}

/** The kernel writes the checksum of ICMPv6. */
function echo6(number: number): string {
  return Buffer.from([128, 0, 0, 0, 0x51, 0x51 + number, 0, 1, 1, 2, 3, 4]).toString("hex");
}

type SctpPacket = { readonly from: number; readonly to: number; readonly verification: number; readonly chunk: Buffer };

function sctpPacket({ from, to, verification, chunk }: SctpPacket): string {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  head.writeUInt32BE(verification, 4);
  const packet = Buffer.concat([head, chunk]);
  packet.writeUInt32LE(crc32c(packet), 8);
  return packet.toString("hex");
}

/** INIT (1) or INIT ACK (2) without parameters. */
function initChunk(type: 1 | 2, tag: number): Buffer {
  const chunk = Buffer.alloc(20);
  chunk.writeUInt8(type, 0);
  chunk.writeUInt16BE(20, 2);
  chunk.writeUInt32BE(tag, 4);
  chunk.writeUInt32BE(65_536, 8);
  chunk.writeUInt16BE(1, 12);
  chunk.writeUInt16BE(1, 14);
  chunk.writeUInt32BE(1, 16);
  return chunk;
}

function portsText(from: number, to: number): string {
  return [from, to].map((port) => port.toString(16).padStart(4, "0")).join("");
}
