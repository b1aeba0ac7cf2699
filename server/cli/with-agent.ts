/** Commands that need the agent begin here: the socket is found, the farms are read, and what fails ends the command with its code. */
import type { FarmsAnswer } from "../wire/agent.ts";
import { type Call, textOf } from "./command.ts";
import { reportFailure } from "./failures.ts";
import type { OpenAgent } from "./world.ts";

async function withAgent(call: Call, work: (agent: OpenAgent) => Promise<number>): Promise<number> {
  const opened = await call.world.openAgent(textOf(call.values, "socket"));
  return opened.ok ? work(opened.value) : reportFailure(call, opened.error);
}

export function withFarms(
  call: Call,
  work: (agent: OpenAgent, farms: FarmsAnswer) => Promise<number>,
): Promise<number> {
  return withAgent(call, async (agent) => {
    const farms = await agent.link.farms();
    return farms.ok ? work(agent, farms.value) : reportFailure(call, farms.error);
  });
}
