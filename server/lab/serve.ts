/**
 * `lab.mjs serve OPTIONS`: opens a lab, says `ready` and where things are as one line of JSON, and ends it all on SIGTERM, SIGINT
 * or when its standard input closes (which it does when the launcher dies, however it dies).
 */

import { randomUUID } from "node:crypto";
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { agentFarms, seedAgent } from "./agent-farms.ts";
import { serveControl } from "./control.ts";
import { Lab } from "./lab.ts";
import { type ServeOptions, serveOptionsSchema } from "./messages.ts";
import { type Places, placesOf } from "./places.ts";
import { uidsFrom } from "./rights.ts";
import { cleanUpRuns, type Lock, makeRunsFolder, takeLock, takeTurn } from "./runs.ts";
import { stage, stageNode } from "./stage.ts";

export async function serveLab(text: string): Promise<void> {
  const options = serveOptionsSchema.parse(JSON.parse(text));
  const places = placesOf(options.runsFolder, options.runId);
  let closing: Promise<void> | null = null;
  let close = () => Promise.resolve();
  const end = () => {
    closing ??= close().finally(() => process.exit(0));
  };
  process.on("SIGTERM", end).on("SIGINT", end);
  process.stdin.on("end", end).on("error", end).resume();
  try {
    const locks = await takeLocks(options, places);
    prepareFolders(options, places);
    stage(options);
    const lab = new Lab({ ...options, node: stageNode(options) }, places);
    let server: Server | null = null;
    close = () => closeAll(lab, () => server, places, locks);
    await lab.open();
    if (options.farms !== null) await seedWhenEmpty(places.agentSocket, options.farms);
    server = await serveControl(lab, places.labSocket);
    writeFileSync(places.infoFile, JSON.stringify({ ...places, launcherPid: options.launcherPid }));
    if (closing === null) say({ ready: true, ...places, node: lab.options.node });
  } catch (error) {
    if (closing !== null) return;
    say({ ready: false, problem: error instanceof Error ? error.message : String(error) });
    await close();
    process.exit(1);
  }
}

/** One lab at a time on one state folder; a lab that is just ending is waited for by the launcher, not here. */
async function takeLocks(options: ServeOptions, places: Places): Promise<readonly Lock[]> {
  makeRunsFolder(options.runsFolder, process.getuid?.() ?? 0);
  mkdirSync(options.stateFolder, { recursive: true, mode: 0o755 });
  const turn = takeTurn(options.runsFolder);
  try {
    const state = takeLock(`${options.stateFolder}/lock`, `${options.launcherPid}\n`);
    if (state === null) throw new Error(`a lab is already running on ${options.stateFolder}`);
    mkdirSync(places.runFolder, { mode: 0o755 });
    const run = takeLock(places.lockFile, `${options.launcherPid}\n`);
    if (run === null) throw new Error(`another lab has the run id ${options.runId}`);
    await cleanUpRuns(options.runsFolder);
    return [run, state];
  } finally {
    turn.release();
  }
}

function prepareFolders(options: ServeOptions, places: Places): void {
  const logs = `${options.stateFolder}/logs`;
  mkdirSync(logs, { recursive: true });
  for (const name of readdirSync(logs)) rmSync(`${logs}/${name}`, { force: true });
  const uids = options.firstUid === null ? null : uidsFrom(options.firstUid);
  ownFolder(places.agentFolder, 0o755, uids?.agent);
  ownFolder(`${options.stateFolder}/agent`, 0o700, uids?.agent);
}

function ownFolder(folder: string, mode: number, uid: number | undefined): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
  if (uid !== undefined) chownSync(folder, uid, uid);
}

async function seedWhenEmpty(socket: string, farms: readonly unknown[]): Promise<void> {
  if (farms.length === 0 || (await agentFarms(socket)).length > 0) return;
  await seedAgent(socket, farms, randomUUID());
}

async function closeAll(lab: Lab, server: () => Server | null, places: Places, locks: readonly Lock[]): Promise<void> {
  server()?.close();
  server()?.closeAllConnections();
  await lab.close();
  rmSync(places.runFolder, { recursive: true, force: true });
  for (const lock of locks) lock.release();
}

function say(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
