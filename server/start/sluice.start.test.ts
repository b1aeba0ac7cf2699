/** `npx sluice` in a fresh checkout, where nothing was built. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const here = fileURLToPath(new URL("../../", import.meta.url));
const document = JSON.stringify({
  farms: [
    {
      name: "shop",
      addresses: ["192.0.2.1"],
      protocol: "tcp",
      ports: [80],
      backends: [{ name: "web-1", address: "198.51.100.1" }],
    },
  ],
});
let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "sluice-fresh-"));
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(here, name), join(checkout, name));
  for (const name of ["start", "cli", "core", "wire", "agent-link", "platform"])
    cpSync(join(here, "server", name), join(checkout, "server", name), { recursive: true });
});
afterEach(() => rmSync(checkout, { recursive: true, force: true }));

/** As npm ci leaves it: the packages, and nothing of ours. */
function install(): void {
  mkdirSync(join(checkout, "node_modules"));
  for (const name of readdirSync(join(here, "node_modules")).filter((each) => !each.startsWith(".")))
    symlinkSync(join(here, "node_modules", name), join(checkout, "node_modules", name));
}

function sluice(words: readonly string[], input = "") {
  const argv = [join(checkout, "server/start/sluice.mjs"), ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { input, encoding: "utf8", cwd: tmpdir() });
  return { code: status, out: stdout, err: stderr };
}

describe("the sluice command of a fresh checkout", () => {
  it("before npm ci says what to run, and nothing on standard output", () => {
    expect(sluice(["compile", "-"], document)).toEqual({
      code: 1,
      out: "",
      err: "The npm packages are not installed yet. Install them once with: npm ci\n",
    });
  });

  it("after npm ci works at once, with the script alone on standard output", () => {
    install();
    const first = sluice(["compile", "-"], document);
    expect([first.code, first.err]).toEqual([0, ""]);
    expect(first.out).toMatch(/^table inet sluice\n/);
    expect(readdirSync(join(checkout, "dist"))).toEqual(["cli.mjs"]);
  });

  it("speaks of today's sources: what changed is bundled again, what did not is not", () => {
    install();
    expect(sluice(["help"]).out).toContain("sluice: load balancing with nftables");
    const bundle = join(checkout, "dist/cli.mjs");
    writeFileSync(bundle, `${readFileSync(bundle, "utf8")}// as it was\n`);
    sluice(["help"]);
    expect(readFileSync(bundle, "utf8")).toContain("// as it was");
    const help = join(checkout, "server/cli/help.ts");
    writeFileSync(help, readFileSync(help, "utf8").replace("load balancing with nftables", "another sentence"));
    expect(sluice(["help"]).out).toContain("sluice: another sentence");
  });

  it("stands in package.json, so that npx finds it", () => {
    const { bin } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8"));
    expect(existsSync(join(checkout, bin.sluice))).toBe(true);
    expect(readFileSync(join(checkout, bin.sluice), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
