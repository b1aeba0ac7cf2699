/**
 * The prober: asks the targets the agent names how they are and says what it saw. It holds no capability, reads nothing but the agent's
 * orders and what backends answer, and may only say "target X: result". When the agent goes away it keeps trying to reach it.
 */

import { openFilesMax, parseProberEnv } from "../platform/prober-env.ts";
import { createAgentSide } from "./agent-side.ts";
import { createAsk } from "./ask.ts";
import { createAuthorities } from "./checks/tls.ts";
import { fpingRunner } from "./ping/fping.ts";
import { createPinger, pingGatherMs } from "./ping/pinger.ts";
import { budgetsFor } from "./pools.ts";
import { createSchedule } from "./schedule.ts";

/** whoever sends what we do not expect must not fill the disk */
const logLinesPerS = 10;

function main(): void {
  const env = parseProberEnv(process.env, openFilesMax());
  const pinger = createPinger({ run: fpingRunner(env.fping), gatherMs: pingGatherMs, batchMax: 1000 });
  const log = createLog();
  const agentSide = createAgentSide({
    socketPath: env.socketPath,
    pid: process.pid,
    onOrder: (order) => schedule.order(order),
    log,
  });
  const schedule = createSchedule({
    ask: createAsk({
      pinger,
      authorities: createAuthorities(env.authoritiesFile),
      checkFolder: env.checkFolder,
    }),
    report: agentSide.report,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    random: Math.random,
    soon: setImmediate,
    budgets: budgetsFor(env.filesMax),
  });
  let timer = setTimeout(turn, 0);
  function turn(): void {
    timer = setTimeout(turn, schedule.tick());
  }
  // what a backend sends must not end the checks of all others; the attempt that threw still ends by its deadline
  process.on("uncaughtException", (error) => log("warn", "check-threw", { error: String(error.stack).slice(0, 500) }));
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      clearTimeout(timer);
      pinger.stop();
      agentSide.stop();
      process.exit(0);
    });
  }
  process.stdout.write("ready\n");
}

function createLog() {
  let lines = 0;
  setInterval(() => {
    lines = 0;
  }, 1000).unref();
  return (level: "info" | "warn", event: string, fields: Record<string, unknown>): void => {
    lines += 1;
    if (lines > logLinesPerS) return;
    process.stderr.write(`${JSON.stringify({ at: Date.now(), level, part: "prober", event, ...fields })}\n`);
  };
}

main();
