/** The agent as in main.ts, but it kills itself at a named step of its nth turn: `TEST_CRASH_AT=intent:2`. */
import { emptyConfig } from "../platform/agent-config.ts";
import { parseAgentEnv } from "../platform/agent-env.ts";
import { startAgent } from "./start-agent.ts";

const [step = "", turn = "1"] = (process.env.TEST_CRASH_AT ?? "").split(":");
let seen = 0;
const env = parseAgentEnv(process.env, emptyConfig);
if (!env.ok) throw new Error(env.error);
await startAgent(env.value, (at) => {
  if (at !== step) return;
  seen += 1;
  if (seen === Number(turn)) process.kill(process.pid, "SIGKILL");
});
process.stdout.write("ready\n");
