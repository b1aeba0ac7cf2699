/**
 * The agent: the only process that changes the kernel. Wires the parts together and holds no logic of its own.
 *
 * By hand, in a throw-away network namespace:
 *   unshare -n env SLUICE_LAB=1 SLUICE_DATA=/tmp/sl/data SLUICE_SOCKET=/tmp/sl/agent.sock \
 *     SLUICE_PROBER_SOCKET=/tmp/sl/prober.sock npx tsx server/agent/main.ts
 * then: curl --unix-socket /tmp/sl/agent.sock -H 'sluice-protocol: 2' http://agent/v1/status
 */

import { configPath, parseAgentEnv } from "../platform/agent-env.ts";
import { log } from "../platform/log.ts";
import { readConfigFile } from "./config-file.ts";
import { boundHeap } from "./heap-bound.ts";
import { startAgent } from "./start-agent.ts";

async function main(): Promise<void> {
  const config = readConfigFile(configPath(process.env));
  const env = config.ok ? parseAgentEnv(process.env, config.value) : config;
  if (!env.ok) {
    process.stderr.write(`${env.error}\n`);
    process.exit(2);
  }
  process.umask(0o022);
  // who reads our log may go away; the agent stays
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", () => undefined);
  boundHeap();
  const agent = await startAgent(env.value);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      log("agent-stopping", { signal });
      agent.stop();
      process.exit(0);
    });
  }
  process.on("unhandledRejection", (error) => log("unhandled", { error: String(error) }));
  process.stdout.write("ready\n");
}

main().catch((error: unknown) => {
  log("agent-failed", { error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.stderr.write(`The agent cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
