import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ensurePrograms } from "./debian.mjs";

/** The only folder of PATH: what is not in it is not installed. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sluice-debian-`);
  vi.stubEnv("PATH", folder);
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function program(name: string, script: string): void {
  writeFileSync(`${folder}/${name}`, `#!/bin/sh\n${script}\n`);
  chmodSync(`${folder}/${name}`, 0o755);
}

const driver = async () => ["make", "g++"];
const install = "apt-get install -y --no-install-recommends fping make g++";

test("who is neither root nor may use sudo is told everything in one command, also what is going to be missing later", async () => {
  program("apt-get", "exit 1");
  const wanted = ensurePrograms(["fping"], driver);
  await expect(wanted).rejects.toThrow(
    `Debian packages are missing; install them and start again:\n  su - -c "apt-get update && ${install}"`,
  );
});

test("whose sudo wants a password that nobody can type gets the command with sudo", async () => {
  program("apt-get", "exit 1");
  program("sudo", "exit 1");
  await expect(ensurePrograms(["fping"], driver)).rejects.toThrow(`\n  sudo apt-get update && sudo ${install}`);
});

test("without apt the missing programs are named, and nothing is tried", async () => {
  await expect(ensurePrograms(["fping", "nft"], driver)).rejects.toThrow(
    "These programs are missing: fping, nft; install them with this system's package manager.",
  );
});

test("sudo installs only what is missing now, and fetches package lists when there are none", async () => {
  program("apt-get", "exit 1");
  program(
    "sudo",
    `echo "$*" >> ${folder}/asked
    case "$*" in
      *update) echo > ${folder}/lists ;;
      *install*) [ -e ${folder}/lists ] || exit 100; echo > ${folder}/fping; /bin/chmod 755 ${folder}/fping ;;
    esac`,
  );
  await ensurePrograms(["fping"], driver);
  const asked = readFileSync(`${folder}/asked`, "utf8").trim().split("\n");
  expect(asked.map((line) => line.replace(/^.*SYSTEMD_OFFLINE=1 /, ""))).toEqual([
    "-n true",
    "apt-get install -y --no-install-recommends fping",
    "apt-get update",
    "apt-get install -y --no-install-recommends fping",
  ]);
});
