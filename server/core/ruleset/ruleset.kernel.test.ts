import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allocateFarm, emptyAllocation, releaseBlocks, releaseFarm, retiringBlocks } from "../allocation/allocation.ts";
import { type EffectiveFarm, effective } from "../farm/effective.ts";
import { testFarm } from "../farm/farm-fixture.ts";
import type { Farm } from "../farm/types.ts";
import { compile } from "./compile.ts";
import { diff, repair } from "./diff.ts";
import { hashedForwardingKinds } from "./forwarding-fixture.ts";
import { hashKinds } from "./hash-fixture.ts";
import { type Listing, parseCounters, parseElements, parseTableListing } from "./listing.ts";
import { isNetdev, objectNames, type Ruleset } from "./model.ts";
import { render, renderChunks, renderScript } from "./render.ts";
import { emptyRuleset, flatten, withCut } from "./ruleset.ts";
import { built, comparable, everyKind } from "./ruleset-fixture.ts";

/** Every run has a network namespace of its own; root needs no user namespace for it. */
const unshare = process.getuid?.() === 0 ? ["-n"] : ["-Urn"];

const missingTool = ["nft", "unshare"].find((tool) => spawnSync(tool, ["--version"]).error !== undefined);
const namespaceWorks =
  missingTool === undefined && spawnSync("unshare", [...unshare, "nft", "list", "tables"]).status === 0;
/** not below a chroot, and not where the machine forbids them */
const hasUserNamespaces = spawnSync("unshare", ["-Urn", "true"]).status === 0;
const reason = missingTool ?? (namespaceWorks ? null : "a network namespace with nf_tables");

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-ruleset-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs shell lines in a new namespace; the files stand in the working folder. A failing line fails the test. */
function inNamespace(lines: readonly string[], files: Readonly<Record<string, string>>, how = unshare): string {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const script = ["set -e", ...lines].join("\n");
  return execFileSync("unshare", [...how, "sh", "-c", script], { cwd: folder, maxBuffer: 1 << 28 }).toString();
}

function listed(json: string, tag = 0x51): Listing {
  const parsed = parseTableListing(json, tag);
  if (!parsed.ok || parsed.value === null) throw new Error("not listed");
  return parsed.value;
}

/** The interactive nft exits with 0 whatever happens: what it prints on the way is an error. */
const interactive = (file: string) =>
  `nft -i < ${file} > ${file}.out 2>&1; if grep -i error ${file}.out >&2; then exit 1; fi`;
const list = "nft -j list table inet sluice";

function expectSame(json: string, ruleset: Ruleset): void {
  const listing = listed(json, ruleset.tag);
  expect(comparable(listing.flat)).toEqual(comparable(flatten(ruleset)));
  expect(listing).toMatchObject({ hasLayout: true, missing: [], foreign: [] });
  expect(diff(listing.flat, ruleset)).toEqual([]);
}

describe.skipIf(reason !== null)(`the real kernel${reason === null ? "" : ` (skipped, missing: ${reason})`}`, () => {
  const { ruleset } = built(everyKind());

  it("takes the script, also over itself, and lists back the same model", () => {
    const script = { "all.nft": renderScript(ruleset) };
    expectSame(inNamespace(["nft -f all.nft", "nft -f all.nft", list], script), ruleset);
    expectSame(
      inNamespace(["nft -f none.nft", list], { "none.nft": renderScript(emptyRuleset(0x51)) }),
      emptyRuleset(0x51),
    );
  });

  it("takes the first load as one line of the interactive nft", () => {
    const line = { line: `${render(diff(null, ruleset))}\n` };
    expectSame(inNamespace([interactive("line"), list], line), ruleset);
  });

  it("takes every way to hash, and lists back the same rules and slots", () => {
    const hashes = built(hashKinds()).ruleset;
    expectSame(inNamespace(["nft -f all.nft", list], { "all.nft": renderScript(hashes) }), hashes);
  });

  it("takes forwarding without tracking by every hash, and lists back the same slots", () => {
    const hashes = built(hashedForwardingKinds()).ruleset;
    expectSame(inNamespace(["nft -f all.nft", list], { "all.nft": renderScript(hashes) }), hashes);
  });

  it("changes the way of forwarding of a farm in one transaction", () => {
    const backends = [
      { address: "198.51.100.60", port: 53 },
      { address: "198.51.100.61", port: 5353 },
    ];
    const files: Record<string, string> = {};
    let before = built([]);
    for (const [at, forwarding] of ["dnat", "stateless", "snat", "stateless", "dnat"].entries()) {
      const farm = testFarm(1, backends, { protocol: "udp", ports: [53], forwarding });
      const next = built([farm], new Map(), before.allocation);
      files[`step${at}`] = `${render(diff(at === 0 ? null : before.ruleset, next.ruleset))}\n`;
      before = next;
    }
    const steps = Object.keys(files).map((file) => `nft -f ${file}`);
    expectSame(inNamespace([...steps, list], files), before.ruleset);
  });

  it("changes the scheduler of a farm in one transaction", () => {
    const schedulers = ["weighted", "source-hash", "maglev", "symmetric-hash", "random"];
    const files: Record<string, string> = {};
    let before = built([]);
    for (const [at, scheduler] of schedulers.entries()) {
      const next = built([testFarm(1, undefined, { scheduler })], new Map(), before.allocation);
      files[`step${at}`] = `${render(diff(at === 0 ? null : before.ruleset, next.ruleset))}\n`;
      before = next;
    }
    const steps = Object.keys(files).map((file) => `nft -f ${file}`);
    expectSame(inNamespace([...steps, list], files), before.ruleset);
  });

  it("takes another tag", () => {
    const tagged = built(everyKind(), new Map(), emptyAllocation(0x7d)).ruleset;
    expectSame(inNamespace(["nft -f all.nft", list], { "all.nft": renderScript(tagged) }), tagged);
  });

  it.runIf(hasUserNamespaces)(
    "takes the pieces of a large first load where a user namespace bounds one transaction",
    () => {
      const farms = Array.from({ length: 400 }, (_, at) =>
        testFarm(
          at + 1,
          Array.from({ length: 10 }, (_unused, b) => ({ address: `10.${at >> 8}.${at & 255}.${b + 1}` })),
          { addresses: [`172.16.${at >> 8}.${at & 255}`] },
        ),
      );
      const large = built(farms).ruleset;
      const chunks = renderChunks(large);
      expect(chunks.length).toBeGreaterThan(3);
      const out = inNamespace([interactive("chunks"), list], { chunks: `${chunks.join("\n")}\n` }, ["-Urn"]);
      expectSame(out, large);
    },
  );

  it("lists every map and set by itself as compile writes it", () => {
    const ours = objectNames.filter((name) => !isNetdev(name));
    const lists = ours.map(
      (name) => `nft -j list map inet sluice ${name} 2>/dev/null || nft -j list set inet sluice ${name}`,
    );
    const out = inNamespace(["nft -f all.nft", ...lists], { "all.nft": renderScript(ruleset) });
    const texts = out.trim().split("\n");
    expect(texts).toHaveLength(ours.length);
    const flat = flatten(ruleset);
    for (const [at, text] of texts.entries()) {
      const parsed = parseElements(text);
      if (!parsed.ok) throw new Error(parsed.error.detail);
      const name = ours[at] ?? "svc4";
      expect(parsed.value.object).toBe(name);
      expect(new Map([...parsed.value.elements].sort())).toEqual(new Map([...(flat.elements.get(name) ?? [])].sort()));
    }
    const counters = parseCounters(texts[ours.indexOf("bin")] ?? "", 0x51);
    expect(counters.ok && counters.value.size).toBe(flat.elements.get("bin")?.size);
  });

  it("follows a long way of changes, each as one transaction, and is then what a full load gives", () => {
    const way = randomWay(60);
    const files: Record<string, string> = {};
    const lines: string[] = [];
    let running: Ruleset | null = null;
    for (const [at, desired] of way.entries()) {
      files[`step${at}`] = `${render(diff(running, desired))}\n`;
      lines.push(`nft -f step${at}`, `${list} > list${at}`);
      running = desired;
    }
    files.lines = way.map((_, at) => files[`step${at}`]).join("");
    inNamespace(lines, files);
    for (const [at, desired] of way.entries()) expectSame(readFileSync(join(folder, `list${at}`), "utf8"), desired);
    const last = way.at(-1) ?? emptyRuleset(0x51);
    expectSame(inNamespace([interactive("lines"), list], {}), last);
  });

  it("is mended after a foreign hand without losing what was counted", () => {
    const before = inNamespace(["nft -f all.nft", list], { "all.nft": renderScript(ruleset) });
    const counted = "nft add element inet sluice bin '{ 0x51000001 counter packets 7 bytes 700 }'";
    const foreignHand = [
      "nft -f all.nft",
      "nft delete element inet sluice bin '{ 0x51000001 }'",
      counted,
      "nft flush chain inet sluice dispatch",
      "nft flush chain inet sluice f_2_4",
      "nft flush chain inet sluice source",
      "nft delete set inet sluice masq",
      "nft delete element inet sluice slots '{ 0xd1000000 }'",
      "nft add element inet sluice slots '{ 0xd1000fff : 0x51000001 }'",
      "nft delete chain inet sluice layout_2",
      "nft add chain inet sluice f_99_4",
    ];
    const broken = listed(inNamespace([...foreignHand, list], {}));
    expect(broken.missing).toEqual(["masq", "layout_2"]);
    const mend = `${render(repair(broken.flat, ruleset))}\n`;
    const bin = "nft -j list set inet sluice bin";
    const [after = "", counts = ""] = inNamespace([...foreignHand, interactive("mend"), list, bin], { mend }).split(
      "\n",
    );
    expectSame(after, ruleset);
    expect(listed(after).fixedRules).toEqual(listed(before).fixedRules);
    expect(broken.fixedRules).not.toEqual(listed(before).fixedRules);
    const counters = parseCounters(counts, 0x51);
    expect(counters.ok && counters.value.get(1)).toEqual({ packets: 7, bytes: 700 });
  });

  it("lets cut ids in and out", () => {
    const cut = withCut(ruleset, { orig: new Set([1, 2]), reply: new Set([1]) });
    const files = {
      "all.nft": renderScript(ruleset),
      in: `${render(diff(ruleset, cut))}\n`,
      out: `${render(diff(cut, ruleset))}\n`,
    };
    expectSame(inNamespace(["nft -f all.nft", "nft -f in", list], files), cut);
    expectSame(inNamespace(["nft -f all.nft", "nft -f in", "nft -f out", list], files), ruleset);
  });
});

/** Farms that come, change and go, the same every run. */
function randomWay(length: number): Ruleset[] {
  let state = 7;
  const pick = <T>(list: readonly T[]): T => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const item = list[Math.floor((state / 2 ** 32) * list.length)];
    if (item === undefined) throw new Error("nothing to pick");
    return item;
  };
  const farms = new Map<string, Farm>();
  const effectives = new Map<string, EffectiveFarm>();
  let allocation = emptyAllocation();
  let ruleset = emptyRuleset(allocation.tag);
  return Array.from({ length }, () => {
    const number = pick([1, 2, 3, 4, 5]);
    const farm = randomFarm(number, pick);
    if (pick([true, false]))
      allocation = releaseBlocks(
        allocation,
        retiringBlocks(allocation).map(({ base }) => base),
      );
    if (pick([true, false, false, false])) {
      farms.delete(farm.id);
      allocation = releaseFarm(allocation, farm.id);
    } else {
      const eff = effective(farm, new Map());
      const result = allocateFarm(allocation, farm, eff);
      if (!result.ok) throw new Error(result.error.text);
      allocation = result.value;
      farms.set(farm.id, farm);
      effectives.set(farm.id, eff);
    }
    ruleset = compile(farms.values(), effectives, allocation, ruleset);
    return ruleset;
  });
}

function randomFarm(number: number, pick: <T>(list: readonly T[]) => T): Farm {
  const ports = pick([[80], [80, 443], ["5000-5002"], ["5000-5003", 80], []] as const);
  const port = ports.length === 0 ? null : pick([null, 8080]);
  const backends = ["198.51.100.1", "198.51.100.2", "2001:db8::1", "2001:db8::2"].slice(0, pick([1, 2, 3, 4]));
  return testFarm(
    number,
    backends.map((address) => ({
      address,
      port,
      weight: pick([0, 1, 50, 100]),
      adminState: pick(["active", "active", "drain", "maintenance"]),
    })),
    {
      ports,
      addresses: backends.length > 2 ? [`192.0.2.${number}`, `2001:db8:1::${number}`] : [`192.0.2.${number}`],
      protocol: pick(["tcp", "udp", "sctp"]),
      enabled: pick([true, true, false]),
      forwarding: pick(["dnat", "snat"]),
      onAllDown: pick(["reject", "drop"]),
      scheduler: pick(["weighted", "random", "round-robin", "source-hash", "maglev"]),
      // lists that overlap, contain and adjoin those before them
      policy: pick([
        {},
        { deny: ["10.0.0.0/24"], connectionsPerSource: 5 },
        { deny: ["10.0.0.0/23", "10.0.2.1-10.0.2.9", "2001:db8::/32"], newPerSecondPerSource: 5, logPerSecond: 1 },
        {
          deny: ["10.0.0.128/25", "10.0.2.5-10.0.3.0", "2001:db8::1-2001:db8::9"],
          newPerSecondPerSource: 6,
          dscp: "ef",
        },
        {
          allow: ["0.0.0.0/0", "2001:db8::/33"],
          deny: ["0.0.0.0/1", "255.255.255.255"],
          dropInvalid: true,
          priority: "1:1",
        },
      ]),
    },
  );
}
