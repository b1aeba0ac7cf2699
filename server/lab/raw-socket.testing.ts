/**
 * Packets that Node cannot send: raw IP payloads of any protocol from inside a namespace of the lab, and what comes back. The program
 * runs in a process of its own there, with libc through koffi. IPv4 and IPv6; the kernel writes the IP header.
 */
import { createRequire } from "node:module";
import type { OpenLab } from "./open-lab.ts";

export type RawOrder = {
  /** number of the IP protocol: 1 ICMP, 58 ICMPv6, 132 SCTP */
  readonly protocol: number;
  /** own address; what arrives for others is not seen */
  readonly at: string;
  /** sent first, hex of the payload; null = only listen */
  readonly send: { readonly to: string; readonly payload: string } | null;
  /** sent back to whoever sent the first packet, hex */
  readonly reply?: string;
  /** how long to wait for a packet, whose payload begins with this hex */
  readonly waitMs: number;
  readonly expects?: string;
};

/** What came first that fits, or null when nothing did. */
export type RawPacket = { readonly from: string; readonly payload: string };

export async function rawExchange(lab: OpenLab, namespace: string, order: RawOrder): Promise<RawPacket | null> {
  const koffi = createRequire(import.meta.url).resolve("koffi");
  const argv = [process.execPath, "-e", program, koffi, JSON.stringify(order)];
  const { code, stdout, stderr } = await lab.exec(namespace, argv);
  if (code !== 0) throw new Error(`raw socket in ${namespace}: ${stderr}`);
  return JSON.parse(stdout) as RawPacket | null;
}

const program = `
const koffi = require(process.argv[1]);
const order = JSON.parse(process.argv[2]);
const libc = koffi.load("libc.so.6");
const socket = libc.func("int socket(int, int, int)");
const bind = libc.func("int bind(int, void *, int)");
const sendto = libc.func("long sendto(int, void *, long, int, void *, int)");
const recvfrom = libc.func("long recvfrom(int, void *, long, int, void *, void *)");
const setsockopt = libc.func("int setsockopt(int, int, int, void *, int)");
const isV6 = order.at.includes(":");
const bytes = (hex) => Buffer.from(hex, "hex");
function groups(text) {
  const [head, tail] = text.split("::");
  const of = (part) => (part ? part.split(":") : []);
  const left = of(head);
  const right = of(tail);
  const all = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill("0"), ...right];
  return all.map((each) => each.padStart(4, "0")).join("");
}
function place(address) {
  const out = Buffer.alloc(isV6 ? 28 : 16);
  out.writeUInt16LE(isV6 ? 10 : 2, 0);
  if (isV6) bytes(groups(address)).copy(out, 8);
  else Buffer.from(address.split(".").map(Number)).copy(out, 4);
  return out;
}
function textOf(raw) {
  if (!isV6) return [...raw.subarray(4, 8)].join(".");
  return raw.subarray(8, 24).toString("hex").match(/..../g).map((each) => each.replace(/^0+(?=.)/, "")).join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
}
const fd = socket(isV6 ? 10 : 2, 3, order.protocol);
if (fd < 0) throw new Error("no raw socket");
if (bind(fd, place(order.at), isV6 ? 28 : 16) !== 0) throw new Error("cannot bind " + order.at);
const wait = Buffer.alloc(16);
wait.writeBigInt64LE(BigInt(Math.floor(order.waitMs / 1000)), 0);
wait.writeBigInt64LE(BigInt((order.waitMs % 1000) * 1000), 8);
setsockopt(fd, 1, 20, wait, 16);
function send(to, payload) {
  const data = bytes(payload);
  if (sendto(fd, data, data.length, 0, to, to.length) !== data.length) throw new Error("cannot send");
}
if (order.send !== null) send(place(order.send.to), order.send.payload);
let found = null;
for (let left = 50; left > 0 && found === null; left--) {
  const data = Buffer.alloc(2048);
  const from = Buffer.alloc(28);
  const size = Buffer.from([28, 0, 0, 0]);
  const length = Number(recvfrom(fd, data, 2048, 0, from, size));
  if (length < 0) break;
  const payload = data.subarray(isV6 ? 0 : (data[0] & 15) * 4, length).toString("hex");
  if (!payload.startsWith(order.expects ?? "")) continue;
  found = { from: textOf(from), payload };
  if (order.reply) send(from.subarray(0, isV6 ? 28 : 16), order.reply);
}
process.stdout.write(JSON.stringify(found));
`;
