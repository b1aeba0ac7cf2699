/** The parts that touch the kernel, wired: netlink, the applying child, listings, conntrack and the anchor. */
import { spawn } from "node:child_process";
import { readlinkSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { layoutChain, type Ruleset, tableName } from "../core/ruleset/model.ts";
import { scriptPieces } from "../core/ruleset/render.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import { type Anchor, createAnchor } from "./anchor.ts";
import { type Conntrack, createConntrack, dumpCommand } from "./conntrack.ts";
import { flowsByCommand } from "./conntrack-command.ts";
import { openConntrackSocket } from "./conntrack-socket.ts";
import { createCounterDump } from "./counter-dump.ts";
import { createElementProof } from "./element-proof.ts";
import type { Events } from "./events.ts";
import { createHarmlessWrites } from "./harmless-writes.ts";
import { hushed, hushedEdit, hushedRun } from "./hushed-run.ts";
import { createKernel, type Kernel } from "./kernel.ts";
import { createLoopedCommand } from "./looped-command.ts";
import { type Netlink, openNetlink } from "./netlink.ts";
import { createNftChild, type NftChild } from "./nft-child.ts";
import { createNftListing, type NftListing } from "./nft-listing.ts";
import { createNftReader, type NftReader } from "./nft-reader.ts";
import { createQuickEdit, nextGeneration, type QuickEdit } from "./quick-edit.ts";
import { createRunProcess, processEnv, type RunProcess } from "./run-process.ts";
import { feedByScript } from "./script-fed-child.ts";
import { createSpareLoad } from "./spare-load.ts";
import { createWriters, type Writers } from "./writers.ts";

export type AgentLog = (level: "info" | "warn" | "error", event: string, fields?: Record<string, unknown>) => void;

export type KernelSide = {
  readonly netlink: Netlink | null;
  readonly writers: Writers;
  readonly run: RunProcess;
  readonly listing: NftListing;
  /** answers one question at a time; never applies */
  readonly reader: Pick<NftReader, "read">;
  /** our table is there; null = could not be told */
  readonly seesTable: () => Promise<boolean | null>;
  readonly kernel: Kernel;
  /** what shall be loaded when everything is gone; null where a load is made in pieces */
  readonly keepSpare: ((ruleset: Ruleset) => void) | null;
  readonly conntrack: Conntrack;
  readonly nftVersion: string;
  stop(): void;
};

const anchorRetryMs = 2000;
/** between two pieces of counters */
const restMs = 2;

/** `quiet`: the pause between two pieces of counters, see quiet-pause.ts */
export async function openKernelSide(
  env: AgentEnv,
  tag: number,
  events: Events,
  quiet: () => Promise<void>,
  log: AgentLog,
): Promise<KernelSide> {
  const netlink = openNetlink();
  const run = createRunProcess(() => performance.now());
  const reader = createNftReader({
    // reading never holds up applying: on a busy machine it comes second
    spawn: () => spawn("nice", ["-n", "10", "nft", "-j", "-i"], nftOptions()),
    onLost: (text) => {
      log("warn", "nft-reader-lost", { text });
      events.add({ kind: "agent", text: "The process that lists the rules ended or hung; it was started again" });
    },
  });
  const pause = () => nextTurn();
  const harmless = createHarmlessWrites();
  const listen = (isListening: boolean) => netlink?.listen(isListening);
  const quickEdit: QuickEdit = netlink?.rules ? hushedEdit(createQuickEdit(netlink.rules), listen) : () => "not-done";
  const dump =
    netlink === null
      ? null
      : createCounterDump({ netlink, tag, pause: quiet, rest: () => sleep(restMs), isHarmless: harmless.only });
  const listing = createNftListing({ run, reader, tag, dump, pause });
  const direct = createNftChild({
    spawn: () => spawnNft(),
    onLost: (text) => {
      log("warn", "nft-child-lost", { text });
      events.add({ kind: "agent", text: "The process that applies rules ended or hung; it was started again" });
    },
  });
  const applying = feedByScript(direct, join(env.dataDir, "transaction.nft"));
  const dumping = createLoopedCommand(dumpCommand(tag), (text) => {
    log("warn", "conntrack-lost", { text });
    events.add({ kind: "agent", text: "The process that reads connections ended or hung; it was started again" });
  });
  const flows = openConntrackSocket() ?? flowsByCommand(run, tag);
  const writers = createWriters(
    () => netlink?.writes() ?? null,
    isHostPidNamespace(),
    () => netlink?.generation() ?? null,
  );
  const spare = createSpareLoad({
    hush: (load) => hushed(load, listen),
    spawn: () => spawn("nft", ["-f", "-"], nftOptions()),
    render: scriptPieces,
    pause,
    after: (ms, task) => {
      const timer = setTimeout(task, ms).unref();
      return () => clearTimeout(timer);
    },
    now: () => performance.now(),
  });
  const kernel = createKernel({
    child: applying,
    run: hushedRun(run, listen),
    listing,
    spare,
    proof: netlink?.rules ? createElementProof(netlink.rules) : null,
    generation: () => netlink?.generation() ?? null,
    quickEdit: (ops, generation) => {
      const answer = quickEdit(ops, generation);
      if (answer === "applied") harmless.done(ops, generation);
      return answer;
    },
    pause,
    onOwn: writers.own,
    chunkElements: env.chunkElements,
    onStrange: tellStrange(events),
    onForeign: (text) => log("info", "foreign-writer", { text }),
    log,
  });
  // before our first load: each of them is told from the other by its generation
  const anchor = await holdAnchor(kernel, writers, () => netlink?.generation() ?? null, log);
  return {
    netlink,
    writers,
    run,
    listing,
    reader,
    seesTable: async () => netlink?.hasChain(tableName, layoutChain) ?? anchor.seesTable(),
    kernel,
    keepSpare: env.chunkElements === null ? spare.keep : null,
    conntrack: createConntrack({ flows, dumping, tag, now: () => Date.now() }),
    nftVersion: await readNftVersion(run),
    stop() {
      anchor.stop();
      applying.stop();
      spare.stop();
      reader.stop();
      dumping.stop();
      flows.close();
      netlink?.close();
    },
  };
}

function spawnNft() {
  return spawn("nft", ["-i"], nftOptions());
}

function nftOptions() {
  return { stdio: ["pipe", "pipe", "pipe"] as ["pipe", "pipe", "pipe"], env: processEnv(), cwd: "/" };
}

/** Holds the anchor as long as the agent lives; its process may die, then it is made again. */
async function holdAnchor(
  kernel: Kernel,
  writers: Writers,
  generation: () => number | null,
  log: AgentLog,
): Promise<Anchor> {
  let stopped = false;
  const child: NftChild = createNftChild({
    spawn: () => spawnNft(),
    onLost: () => void setTimeout(hold, anchorRetryMs).unref(),
  });
  const anchor = createAnchor(child, (event, fields) => log("warn", event, fields));
  async function hold(): Promise<void> {
    if (stopped) return;
    const wasTouched = kernel.wasTouched();
    const before = generation();
    if (!(await anchor.hold())) return;
    const after = generation();
    if (before === null || after === null) return;
    writers.own(before, after, false);
    if (wasTouched === false && after === nextGeneration(before)) kernel.markSeen();
  }
  await hold();
  return {
    hold: anchor.hold,
    seesTable: anchor.seesTable,
    stop: () => {
      stopped = true;
      anchor.stop();
    },
  };
}

/** The kernel counts pids of the initial namespace, which has a fixed number. */
function isHostPidNamespace(): boolean {
  try {
    return readlinkSync("/proc/self/ns/pid") === "pid:[4026531836]";
  } catch {
    return false;
  }
}

const strangeMax = 5;

/** Told once; what is not ours is left alone, though it stands in our table. */
function tellStrange(events: Events): (things: readonly string[]) => void {
  let told = "";
  return (things) => {
    const names = things.slice(0, strangeMax).map((thing) => thing.replace(/[^A-Za-z0-9 ._:-]/g, "?"));
    const text = names.join(", ") + (things.length > strangeMax ? ` and ${things.length - strangeMax} more` : "");
    if (text !== "" && text !== told)
      events.add({
        kind: "drift",
        text: `Somebody put into our table what is not ours, and it is left alone: ${text}`,
      });
    told = text;
  };
}

async function readNftVersion(run: RunProcess): Promise<string> {
  const result = await run("nft", ["--version"], { timeoutMs: 5000 });
  if (result.status === "missing") throw new Error("nft is not installed");
  return /v([0-9.]+)/.exec(result.stdout)?.[1] ?? "unknown";
}
