import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sluice } from "./cli.testing.ts";

/** What people type and get in the shells themselves. The bash of every system is asked in run.test.ts. */
const isMissing = (program: string) => spawnSync(program, ["--version"]).error !== undefined;
const skipped = (program: string) => (isMissing(program) ? ` (skipped, missing: ${program})` : "");

let folder = "";
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-shells-"));
  writeFileSync(join(folder, "farms.yaml"), "");
  for (const shell of ["zsh", "fish"]) writeFileSync(join(folder, shell), (await sluice(["completion", shell])).out);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(isMissing("fish"))(`in a real fish${skipped("fish")}`, () => {
  const names =
    'function sluice; if test "$argv[2]" = farm; echo farm-1; else; echo farm-1/web-1; echo farm-1/web-2; end; end';

  it.each([
    ["sluice wei", ["weight"]],
    ["sluice weight farm-1/", ["farm-1/web-1", "farm-1/web-2"]],
    ["sluice status ", ["farm-1"]],
    ["sluice apply --dr", ["--dry-run"]],
    ["sluice apply far", ["farms.yaml"]],
    ["sluice diff --socket far", ["farms.yaml"]],
    ["sluice completion ", ["bash", "fish", "zsh"]],
    ["sluice help drai", ["drain"]],
  ])("%j offers what fits", (typed, expected) => {
    const script = `${names}; source ./fish; complete -C '${typed}'`;
    const env = { ...process.env, HOME: folder };
    const offered = execFileSync("fish", ["--no-config", "-c", script], { cwd: folder, env, encoding: "utf8" });
    expect(
      offered
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[0]),
    ).toEqual(expected);
  });
});

describe.skipIf(isMissing("zsh") || isMissing("script"))(`in a real zsh${skipped("zsh")}${skipped("script")}`, () => {
  const setup = `PS1= PS2= RPS1=
autoload -U compinit; compinit -u -D
sluice() { if [[ $2 = farm ]]; then echo farm-1; else print -l farm-1/web-1 other/web-2; fi }
source ./zsh
show() { print -r -- "typed{$BUFFER}"; BUFFER= }
zle -N show; bindkey '^X' show
echo ready
`;

  it("what is typed becomes what alone fits", async () => {
    writeFileSync(join(folder, "setup"), setup);
    const became = {
      "sluice wei": "sluice weight ",
      "sluice weight oth": "sluice weight other/web-2 ",
      "sluice status ": "sluice status farm-1 ",
      "sluice apply --dr": "sluice apply --dry-run ",
      "sluice apply --dry-run far": "sluice apply --dry-run farms.yaml ",
      "sluice diff --socket far": "sluice diff --socket farms.yaml ",
      "sluice completion z": "sluice completion zsh ",
      "sluice help drai": "sluice help drain ",
    };
    expect(await afterTab(Object.keys(became))).toEqual(Object.values(became));
  });
});

/** Each line with a tab behind it, in an interactive zsh on a terminal of its own: completion works nowhere else. */
function afterTab(lines: readonly string[]): Promise<string[]> {
  const shell = spawn("script", ["-qec", "zsh -f -i", "/dev/null"], {
    cwd: folder,
    env: { ...process.env, HOME: folder, TERM: "dumb" },
  });
  shell.stdin.write("source ./setup\n");
  return new Promise((resolve, reject) => {
    let seen = "";
    let asked = 0;
    shell.on("error", reject);
    shell.on("exit", () => reject(new Error(`zsh ended: ${seen}`)));
    shell.stdout.setEncoding("utf8").on("data", (piece: string) => {
      seen += piece;
      const became = Array.from(seen.matchAll(/typed\{([^}]*)\}/g), ([, buffer = ""]) => buffer);
      if (became.length === lines.length) {
        resolve(became);
        shell.kill("SIGKILL");
      } else if (asked === became.length && seen.includes("ready")) {
        shell.stdin.write(`${lines[asked]}\t\u0018`);
        asked += 1;
      }
    });
  });
}
