import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testFarm } from "../farm/farm-fixture.ts";
import { diff } from "./diff.ts";
import { parseTableListing } from "./listing.ts";
import { renderChunks } from "./render.ts";
import { built } from "./ruleset-fixture.ts";

/** A user namespace bounds one transaction; not below a chroot, and not where the machine forbids them. */
const works = spawnSync("unshare", ["-Urn", "nft", "list", "tables"]).status === 0;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-pieces-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!works)(
  `the first load of an ordinary user${works ? "" : " (skipped, missing: a user namespace with nf_tables)"}`,
  () => {
    const counting = { newPerSecondPerSource: 5, connectionsPerSource: 9, logPerSecond: 3 };
    it.each<[string, object, object]>([
      ["that filter, limit and log", {}, { policy: { deny: ["10.0.0.0/8"], ...counting } }],
      ["whose backends have limits, and that remember", { maxConnections: 5 }, { persistence: { prefixV4: 24 } }],
      ["without tracking", {}, { forwarding: "stateless", protocol: "udp" }],
    ])("takes 500 farms %s in pieces that the kernel takes", (_, backend, farm) => {
      const farms = Array.from({ length: 500 }, (_unused, at) => {
        const place = `${at >> 8}.${at & 255}`;
        return testFarm(at + 1, [{ address: `10.0.${place}`, ...backend }], {
          addresses: [`172.16.${place}`],
          ...farm,
        });
      });
      const { ruleset } = built(farms);
      const chunks = renderChunks(ruleset);
      for (const [at, chunk] of chunks.entries()) writeFileSync(join(folder, `${at}.nft`), `${chunk}\n`);
      const loads = chunks.map((_chunk, at) => `nft -f ${at}.nft`);
      const script = [...loads, "nft -j list table inet sluice > listing 2> /dev/null"].join("\n");
      execFileSync("unshare", ["-Urn", "sh", "-ec", script], { cwd: folder });
      const listing = parseTableListing(readFileSync(join(folder, "listing"), "utf8"), ruleset.tag);
      if (!listing.ok || listing.value === null) throw new Error("not listed");
      expect(diff(listing.value.flat, ruleset)).toEqual([]);
    });
  },
);
