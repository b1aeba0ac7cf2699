/**
 * The prober: opens TCP connections to the targets the agent names and says how long each took. It holds no capability, parses
 * nothing but the agent's orders, and may only answer "target X: result". When the agent goes away it keeps trying to reach it.
 */

import { createAgentSide } from "./agent-side.ts";
import { connectTime } from "./connect.ts";
import { createSchedule } from "./schedule.ts";

const concurrencyMax = 50;

function main(): void {
  const socketPath = process.env.SLUICE_PROBER_SOCKET ?? "/run/sluice/prober.sock";
  const agentSide = createAgentSide({
    socketPath,
    pid: process.pid,
    onOrder: (order) => schedule.order(order),
    log: (level, event, fields) => {
      process.stderr.write(`${JSON.stringify({ at: Date.now(), level, part: "prober", event, ...fields })}\n`);
    },
  });
  const schedule = createSchedule({
    ask: ({ address, port, timeoutMs }, done) => connectTime({ address, port: port ?? 0, timeoutMs }, done),
    report: agentSide.report,
    nowMs: () => performance.now(),
    wallMs: () => Date.now(),
    random: Math.random,
    concurrencyMax,
  });
  const timer = setInterval(() => schedule.tick(), 20);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      clearInterval(timer);
      agentSide.stop();
      process.exit(0);
    });
  }
  process.stdout.write("ready\n");
}

main();
