/** What `npm start` says when this machine's kernel cannot do what Sluice needs; programs first in PATH stand for such a kernel. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const launcher = fileURLToPath(new URL("./start.mjs", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sluice-kernel-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

function startWith(program: string, script: string, ...words: string[]) {
  writeFileSync(`${folder}/${program}`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const argv = [launcher, "--port", "0", "--state", `${folder}/state`, ...words];
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8", env });
  return { status, stdout, sentence: stderr, isStateMade: existsSync(`${folder}/state`) };
}

const refused = (sentence: string) => ({ status: 1, stdout: "", sentence: `\n${sentence}\n`, isStateMade: false });

test("a kernel that misses a part of nftables is one sentence, and nothing was started", () => {
  const error = "/dev/stdin:130:25-50: Error: Could not process rule: No such file or directory";
  const script = `cat >/dev/null; echo "${error}" >&2; echo "ct mark set numgen random mod 2" >&2; exit 1`;
  expect(startWith("nft", script)).toEqual(
    refused(
      "This kernel misses something Sluice's nftables rules need: Could not process rule: No such file or directory.",
    ),
  );
});

test("a kernel that does not list its connections is one sentence", () => {
  const script = 'echo "conntrack v1.4.7 (conntrack-tools): Operation failed: invalid parameters" >&2; exit 1';
  expect(startWith("conntrack", script)).toEqual(
    refused(
      "This kernel cannot list the connections it tracks, which live values need (nf_conntrack_netlink): " +
        "conntrack v1.4.7 (conntrack-tools): Operation failed: invalid parameters.",
    ),
  );
});

test("a kernel without veth devices is one sentence", () => {
  expect(startWith("ip", 'echo "Error: Unknown device type." >&2; exit 2')).toEqual(
    refused(
      "This kernel has no veth devices, which the lab needs to connect its namespaces: Error: Unknown device type.",
    ),
  );
});

test("a kernel that allows no namespaces is one sentence that says what to allow", () => {
  const { status, sentence, isStateMade } = startWith("unshare", "exit 1");
  expect({ status, isStateMade }).toEqual({ status: 1, isStateMade: false });
  expect(sentence).toMatch(/^\nThis (kernel|machine) [^\n]* namespaces, which the lab needs[^\n]*\n$/);
});
