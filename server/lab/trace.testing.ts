/** The rules that packets really take through the kernel, by its own tracing (`nft monitor trace`), in a namespace of the lab. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OpenLab } from "./open-lab.ts";

/** One step of one packet: a rule that held, or the end of a chain of the kernel's. A rule that did not hold leaves none. */
export type Step = { readonly packet: string; readonly chain: string; readonly text: string };

/** Steps in our table of the packets that `match` describes, in the order of the kernel, while `check` goes on. */
export async function traced(lab: OpenLab, match: string, check: () => Promise<void>): Promise<Step[]> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-trace-"));
  const file = join(folder, "steps");
  const inside = async (argv: readonly string[], input?: string) => {
    const { code, stdout, stderr } = await lab.exec("balancer", argv, input);
    if (code !== 0) throw new Error(`${argv[0]}: ${stderr}`);
    return stdout;
  };
  // behind conntrack, so that a match may name the connection
  const chain = `type filter hook prerouting priority -199\n${match} meta nftrace set 1\nip daddr ${last} meta nftrace set 1`;
  await inside(["nft", "-f", "-"], `table inet tracing {\nchain watch {\n${chain}\n}\n}\n`);
  const monitor = (await inside(["bash", "-c", listening, "bash", file])).trim();
  try {
    await check();
    // steps are told in their order: once this packet's are there, all before it are
    await inside(["bash", "-c", `echo > /dev/udp/${last}/9`]);
    await inside(["bash", "-c", `until grep -q "daddr ${last} " "$1"; do sleep 0.02; done`, "bash", file]);
  } finally {
    await inside(["kill", monitor]);
    await inside(["nft", "delete", "table", "inet", "tracing"]);
  }
  const lines = readFileSync(file, "utf8").split("\n");
  rmSync(folder, { recursive: true });
  return lines.flatMap(stepOf);
}

/** An address of the loopback that nobody else asks. */
const last = "127.0.0.77";

/** Answers with the monitor's process once the kernel knows that it listens (group 9 of netfilter's). */
const listening = `nft monitor trace > "$1" 2>&1 < /dev/null &
until grep -qE '^[^ ]+ 12 +[0-9]+ +00000100 ' /proc/net/netlink; do kill -0 $! || exit 1; sleep 0.02; done
echo $!`;

function stepOf(line: string): Step[] {
  const [, packet = "", chain = "", text = ""] =
    /^trace id ([0-9a-f]+) inet sluice ([^ ]+) (?!packet:)(.+)$/.exec(line.trim()) ?? [];
  return packet === "" ? [] : [{ packet, chain, text: text.replace(/ packets [0-9]+ bytes [0-9]+/g, "").trim() }];
}
