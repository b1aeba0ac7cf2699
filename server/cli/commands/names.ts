/** `sluice names`: what shells complete. One word a line; without an agent, none. */
import type { Call } from "../command.ts";
import { textOf } from "../command.ts";
import { exit } from "../exit-codes.ts";

export async function runNames(call: Call): Promise<number> {
  const [kind] = call.words;
  const agent = await call.world.openAgent(textOf(call.values, "socket"));
  const farms = agent.ok ? await agent.value.link.farms() : agent;
  if (!farms.ok) return exit.done;
  const names = farms.value.farms.flatMap(({ farm }) =>
    kind === "farm" ? [farm.name] : farm.backends.map((backend) => `${farm.name}/${backend.name}`),
  );
  call.world.out(names.map((name) => `${name}\n`).join(""));
  return exit.done;
}
