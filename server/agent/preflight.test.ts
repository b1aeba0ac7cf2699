import { expect, test } from "vitest";
import { parseFarm } from "../core/farm/validate.ts";
import { isJson, type Json } from "../core/ruleset/listing-json.ts";
import { chainsIn, type ForeignRules } from "./foreign-rules.ts";
import { findings, type PreflightInput } from "./preflight.ts";
import { unknownFacts } from "./vips.ts";

function farm(name: string, addresses: string[], ports: (number | string)[]) {
  const parsed = parseFarm({
    id: `00000000-0000-4000-8000-0000000000${name === "shop" ? "01" : "02"}`,
    name,
    addresses,
    protocol: "tcp",
    ports,
    backends: addresses.map((address, at) => ({
      id: `00000000-0000-4000-8000-00000000${name === "shop" ? 1 : 2}01${at}`,
      name: `web-${at}`,
      address: address.includes(":") ? "fd20::1" : "10.20.0.1",
    })),
  });
  if (!parsed.ok) throw new Error(parsed.error.text);
  return parsed.value;
}

const shop = farm("shop", ["10.99.0.1"], [80, "8000-8010"]);
const six = farm("six", ["fd99::1"], [443]);

const pre = { family: "inet", table: "t", name: "c", type: "nat", hook: "prerouting", prio: -150, policy: "accept" };
const forward = { ...pre, type: "filter", hook: "forward", prio: 0 };

/** One chain with rules of these expressions. */
function rules(chain: object, ...expressions: Json[][]): ForeignRules {
  const items = [{ chain }, ...expressions.map((expr, at) => ({ rule: { chain: "c", handle: at + 1, expr } }))];
  return { chains: chainsIn(items.filter(isJson)), unread: [] };
}

function found(foreign: ForeignRules | null, more: Partial<PreflightInput> = {}) {
  const base = { foreign, facts: unknownFacts, farms: [shop, six], kernel: "6.18.0", nft: "1.0.6" };
  return findings({ ...base, ...more });
}

const match = (protocol: string, field: string, right: unknown) => ({
  match: { op: "==", left: { payload: { protocol, field } }, right },
});
const dnat = { dnat: { family: "ip", addr: "10.1.1.1" } };
const accept = { accept: null };

test("a host on its own has nothing in the way", () => {
  expect(found({ chains: [], unread: [] })).toEqual([]);
});

test.each([
  ["this address and port", [match("ip", "daddr", "10.99.0.1"), match("tcp", "dport", 80), dnat], ["shop"]],
  ["a network around it", [match("ip", "daddr", { prefix: { addr: "10.0.0.0", len: 8 } }), dnat], ["shop"]],
  ["a port within a range of ours", [match("tcp", "dport", { set: [22, { range: [8005, 8005] }] }), dnat], ["shop"]],
  ["another address", [match("ip", "daddr", "10.99.0.2"), dnat], []],
  ["another port", [match("tcp", "dport", 22), dnat], []],
  ["an IPv6 address of ours", [match("ip6", "daddr", "fd99::1"), dnat], ["six"]],
  ["a named set, which may hold anything", [match("ip", "daddr", "@some"), dnat], ["shop", "six"]],
  ["our address, without translating it", [match("ip", "daddr", "10.99.0.1"), accept], []],
] as const)("a nat rule before ours for %s", (_what, expressions, names) => {
  const named = found(rules(pre, [...expressions])).flatMap(({ farmIds }) => farmIds ?? []);
  expect(named).toEqual([shop, six].filter(({ name }) => names.some((each) => each === name)).map(({ id }) => id));
});

const jump = (target: string) => ({ jump: { target } });

/** A base chain whose one rule leads on, and the chain it leads to. */
function leading(base: object, first: Json[], second: Json[]): ForeignRules {
  const { type, hook, prio, policy, ...plain } = { ...pre, name: "far" };
  const rule = (chain: string, expr: Json[]) => ({ rule: { chain, handle: 7, expr } });
  const items = [{ chain: base }, rule("c", first), { chain: plain }, rule("far", second)];
  return { chains: chainsIn(items.filter(isJson)), unread: [] };
}

test.each([
  ["a jump", [jump("far")], ["shop"]],
  ["a jump that our address never takes", [match("ip", "daddr", "10.9.9.9"), jump("far")], []],
  ["a map of verdicts", [{ vmap: { key: {}, data: { set: [["10.99.0.1", { goto: { target: "far" } }]] } } }], ["shop"]],
  ["a named map, which may lead anywhere", [{ vmap: { key: {}, data: "@services" } }], ["shop"]],
  ["a jump elsewhere", [jump("near")], []],
] as const)("a nat rule that is reached by %s", (_what, first, names) => {
  const all = found(leading(pre, [...first], [match("ip", "daddr", "10.99.0.1"), dnat]));
  expect(all.flatMap(({ farmIds }) => farmIds ?? [])).toEqual(names.length === 0 ? [] : [shop.id]);
  for (const { command } of all) expect(command).toBe("nft delete rule inet t far handle 7");
});

test("a nat rule for another protocol is in nobody's way", () => {
  expect(found(rules(pre, [match("udp", "dport", 80), dnat]))).toEqual([]);
});

test("chains that lead to each other are looked through once", () => {
  expect(found(leading(pre, [jump("far")], [jump("far"), dnat]))).toHaveLength(1);
  expect(found(leading(forward, [jump("far")], [jump("far")]))).toEqual([]);
});

test("a forward chain whose last rule leads to one that refuses drops what it does not accept", () => {
  expect(found(leading(forward, [jump("far")], [{ drop: null }]))[0]?.text).toContain("drops what it does not accept");
  expect(found(leading(forward, [jump("far")], [accept]))).toEqual([]);
});

test("a nat chain after ours is in nobody's way", () => {
  expect(found(rules({ ...pre, prio: -100 }, [dnat]))).toEqual([]);
});

test.each([
  ["policy drop", { ...forward, policy: "drop" }, [], 1],
  [
    "a last rule that refuses",
    forward,
    [
      [accept, match("tcp", "dport", 22)],
      [{ counter: {} }, { reject: null }],
    ],
    1,
  ],
  ["policy accept", forward, [], 0],
  [
    "translated connections accepted",
    { ...forward, policy: "drop" },
    [[{ match: { op: "in", left: { ct: { key: "status" } }, right: "dnat" } }, accept]],
    0,
  ],
  ["only others accepted", { ...forward, policy: "drop" }, [[match("tcp", "dport", 22), accept]], 1],
] as const)("a forward chain with %s", (_what, chain, expressions, count) => {
  const all = found(rules(chain, ...expressions.map((each) => [...each])));
  expect(all.filter(({ text }) => text.includes("drops what it does not accept"))).toHaveLength(count);
});

test("a forward chain of ip concerns only farms with an IPv4 address", () => {
  expect(found(rules({ ...forward, family: "ip", policy: "drop" }))[0]?.farmIds).toEqual([shop.id]);
});

test("rules that set connection marks are named with the command that removes them", () => {
  const [only] = found(rules(pre, [{ mangle: { key: { ct: { key: "mark" } }, value: 1 } }]));
  expect(only).toMatchObject({ level: "warning", command: "nft delete rule inet t c handle 1" });
});

test("names that others chose never become part of a command", () => {
  const [only] = found(rules({ ...forward, table: "x; reboot", policy: "drop" }));
  expect(only?.command).toBe("nft insert rule inet ? c ct status dnat accept");
});

test("settings of the host are named with the command that changes them", () => {
  const facts = {
    ...unknownFacts,
    forward4: false,
    forward6: false,
    rpFilter: 1,
    strictInterfaces: ["eth1"],
    interfaceCount: 2,
    conntrackMax: 8192,
  };
  expect(found(null, { facts }).map(({ command }) => command)).toEqual([
    "sysctl -w net.ipv4.ip_forward=1",
    "sysctl -w net.ipv6.conf.all.forwarding=1",
    "sysctl -w net.netfilter.nf_conntrack_max=262144",
    "sysctl -w net.ipv4.conf.eth1.rp_filter=2",
  ]);
});

test("a kernel or nft too old for a part of the rules is named with the version it needs", () => {
  expect(found(null, { kernel: "5.8.0-1-amd64" }).map(({ text }) => text)).toEqual([
    "Linux 5.8.0-1-amd64 is too old for refusing connections before they are routed: it needs 5.9 or later",
    expect.stringContaining("flush of all rules"),
  ]);
  expect(found(null, { nft: "0.9.8" })).toHaveLength(1);
  expect(found(null, { nft: "unknown" })).toEqual([]);
  const direct = { ...shop, forwarding: "dsr" as const };
  expect(found(null, { kernel: "5.10.0", farms: [direct, six] })).toMatchObject([
    { text: expect.stringContaining("too old for refusing frames where they arrive"), farmIds: [shop.id] },
    { text: expect.stringContaining("flush of all rules") },
  ]);
  const proxied = { ...shop, policy: { ...shop.policy, synProxy: true } };
  expect(found(null, { kernel: "5.15.0", farms: [proxied, six] })).toMatchObject([
    { text: "Linux 5.15.0 is too old for a SYN proxy: it needs 5.18 or later", farmIds: [shop.id] },
  ]);
  expect(found(null, { kernel: "5.15.0" })).toEqual([]);
});
