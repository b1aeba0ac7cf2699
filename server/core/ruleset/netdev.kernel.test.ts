import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Allocation, allocateFarm, emptyAllocation } from "../allocation/allocation.ts";
import { type EffectiveFarm, effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import { conditionsByLinks, type HostView } from "../farm/host-view.ts";
import type { Farm } from "../farm/types.ts";
import { compile } from "./compile.ts";
import { diff, repair } from "./diff.ts";
import { directHost } from "./direct-host-fixture.ts";
import { type Listing, parseTableListing } from "./listing.ts";
import type { Ruleset } from "./model.ts";
import { render, renderScript } from "./render.ts";
import { flatten } from "./ruleset.ts";
import { comparable } from "./ruleset-fixture.ts";

const unshare = process.getuid?.() === 0 ? ["-n"] : ["-Urn"];
const devices = 'for d in d0 d1 d2; do ip link add $d type veth peer name "p$d"; ip link set $d up; done';
const probe = `${devices}; echo 'table netdev t { chain c { type filter hook ingress device "d0" priority 0; }; }' | nft -f -`;
const works = spawnSync("unshare", [...unshare, "sh", "-ec", probe]).status === 0;

const backends = [
  { address: "198.51.100.10", port: null, weight: 2 },
  { address: "198.51.100.11", port: null },
  { address: "2001:db8::10", port: null },
];
const addresses = ["192.0.2.1", "2001:db8:1::1"];
const both = testFarm(1, backends, { addresses, forwarding: "dsr", ports: [80, "8000-8010"] });
const four = { forwarding: "dsr", protocol: "udp", ports: [53], scheduler: "source-hash" };
const hashed = testFarm(2, backends.slice(0, 2), four);
const closed = testFarm(3, [{ address: "198.51.100.12", port: null }], { forwarding: "dsr" });
const plain = testFarm(4);

function compiled(
  farms: readonly Farm[],
  start: Allocation = emptyAllocation(),
  host: HostView = directHost,
): { ruleset: Ruleset; allocation: Allocation } {
  const effectives = new Map<string, EffectiveFarm>();
  let allocation = start;
  for (const farm of farms) {
    const eff = { ...effective(farm, conditionsByLinks(farm, new Map(), host)), host };
    const allocated = allocateFarm(allocation, farm, eff);
    if (!allocated.ok) throw new Error(allocated.error.text);
    allocation = allocated.value;
    effectives.set(farm.id, eff);
  }
  return { ruleset: compile(farms, effectives, allocation), allocation };
}

const full = compiled([both, hashed, closed, plain]);
const none = compiled([plain], full.allocation).ruleset;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-netdev-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function listedAfter(files: Readonly<Record<string, string>>, lines: readonly string[]): Listing {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), `${text}\n`);
  const lists = "nft -j list table inet sluice; nft -j list table netdev sluice 2>/dev/null || true";
  const script = [devices, ...lines, lists].join("\n");
  const [inet = "", netdev = null] = execFileSync("unshare", [...unshare, "sh", "-ec", script], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  })
    .toString()
    .trim()
    .split("\n");
  const parsed = parseTableListing(inet, 0x51, netdev);
  if (!parsed.ok || parsed.value === null) throw new Error("not listed");
  return parsed.value;
}

function expectSame(listing: Listing, ruleset: Ruleset): void {
  expect(comparable(listing.flat)).toEqual(comparable(flatten(ruleset)));
  expect(listing).toMatchObject({ missing: [], foreign: [] });
  expect(diff(listing.flat, ruleset)).toEqual([]);
}

describe.skipIf(!works)(
  `the table of direct return${works ? "" : " (skipped, missing: nft's netdev family, veth)"}`,
  () => {
    const script = { all: renderScript(full.ruleset), none: renderScript(none) };

    it("is taken as a script, also over itself, and as one line, and lists back the same model", () => {
      expectSame(listedAfter(script, ["nft -f all", "nft -f all"]), full.ruleset);
      const line = { line: render(diff(null, full.ruleset)) };
      expectSame(listedAfter(line, ["nft -i < line > /dev/null"]), full.ruleset);
      const over = listedAfter({ ...script, ...line }, ["nft -f all", "nft -i < line > /dev/null"]);
      expectSame(over, full.ruleset);
    });

    it("comes with the first farm and goes with the last, in one transaction with the other table", () => {
      const steps = { come: render(diff(none, full.ruleset)), go: render(diff(full.ruleset, none)) };
      expectSame(listedAfter({ ...script, ...steps }, ["nft -f none", "nft -f come"]), full.ruleset);
      expectSame(listedAfter({ ...script, ...steps }, ["nft -f all", "nft -f go"]), none);
    });

    it.each([
      ["gone", "nft delete table netdev sluice"],
      [
        "emptied in parts",
        "nft flush chain netdev sluice dsr_1_4; nft delete element netdev sluice dsr4 '{ 192.0.2.1 . tcp . 80 }'",
      ],
      [
        "with things of others in it",
        "nft flush chain netdev sluice dsro_1_6; nft add element netdev sluice dsr4 '{ 192.0.2.7 . tcp . 80 : goto dsr_1_4 }'",
      ],
    ])("is mended when it is %s", (_, hand) => {
      const broken = listedAfter(script, ["nft -f all", hand]);
      const mend = render(repair(broken.flat, full.ruleset));
      expectSame(listedAfter({ ...script, mend }, ["nft -f all", hand, "nft -f mend"]), full.ruleset);
    });

    it("takes devices whatever they are called: words and numbers of nft's language are names here", () => {
      const names = ["tcp", "10", "fwd", "-x", "1a", "e.1-2_3"];
      const macOf = (at: number) => `02:00:00:00:00:2${at}`;
      const odd: HostView = {
        neighbours: new Map(names.map((device, at) => [`198.51.100.${at}`, { mac: macOf(at), device }] as const)),
        macs: new Map(names.map((device) => [device, "02:00:00:00:00:99"])),
        arrival: (vip) => (vip === "192.0.2.1" ? "10" : "-x"),
      };
      const members = names.map((_, at) => ({ address: `198.51.100.${at}`, port: null }));
      const farm = testFarm(1, members, { addresses: ["192.0.2.1", "192.0.2.2"], forwarding: "dsr" });
      const { ruleset } = compiled([farm], emptyAllocation(), odd);
      const make = names.map((name, at) => `ip link add name ${name} type veth peer name q${at}`);
      const listing = listedAfter({ script: renderScript(ruleset) }, [...make, "nft -f script"]);
      expectSame(listing, ruleset);
      const [, map] = [...listing.flat.objects].find(([name]) => name.startsWith("dsrd_")) ?? [];
      expect(map?.elements).toEqual(new Map(names.map((name, at) => [macOf(at), `"${name}"`])));
    });

    it("gives a flow whose backend is gone to another, though its client never pauses", () => {
      const udp = { forwarding: "dsr", protocol: "udp", ports: [53] };
      const [first, second] = [0, 1].map((at) => testFarm(2, backends.slice(at, at + 1), udp));
      if (first === undefined || second === undefined) throw new Error("two farms");
      const before = compiled([first]);
      const go = render(diff(before.ruleset, compiled([second], before.allocation).ruleset));
      for (const [name, text] of Object.entries({ all: renderScript(before.ruleset), go }))
        writeFileSync(join(folder, name), `${text}\n`);
      // what leaves pd0 arrives on d0; one descriptor is one flow
      const send = "exec 3> /dev/udp/192.0.2.2/53; echo a >&3; nft -f go; for i in 1 2 3; do echo $i >&3; done";
      const script = [
        devices,
        "ip link set d0 address 02:00:00:00:00:55; ip link set pd0 up; ip addr add 10.0.0.9/24 dev pd0; ip route add 192.0.2.0/24 dev pd0",
        "ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:55 dev pd0",
        `nft -f all; bash -c '${send}'; nft list table netdev sluice`,
      ];
      const listing = execFileSync("unshare", [...unshare, "sh", "-ec", script.join("\n")], { cwd: folder }).toString();
      // the first of the three found its backend gone
      expect(/02:00:00:00:00:02 counter packets (\d+)/.exec(listing)?.[1]).toBe("2");
    });

    it("that was left over is taken away", () => {
      const left = listedAfter(script, ["nft -f all", "nft -f none"]);
      const mend = render(diff(left.flat, none));
      expectSame(listedAfter({ ...script, mend }, ["nft -f all", "nft -f none", "nft -f mend"]), none);
    });
  },
);
