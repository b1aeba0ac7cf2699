/**
 * Web's page for Prometheus: web itself, then everything the agent says, passed on piece by piece. While the agent does not answer its
 * series are absent and `sluice_web_agent_up` is 0.
 */
import { familyText, type Labels } from "../core/metrics/exposition.ts";
import { webFamilies } from "../core/metrics/families.ts";
import { processMetrics } from "../platform/process-metrics.ts";
import type { Deps } from "./deps.ts";
import { runtime } from "./runtime.ts";

/** Who may ask is decided before: by token, for no person is signed in. */
export async function* readMetrics(
  deps: Pick<Deps, "agent" | "database"> = runtime(),
): AsyncGenerator<Uint8Array, void, undefined> {
  const [agent, database, untaken] = await Promise.all([deps.agent.metrics(), hasDatabase(deps), untakenOf(deps)]);
  const own = [
    familyText(webFamilies.up, [[[], agent.ok ? 1 : 0]]),
    familyText(webFamilies.database, [[[], database ? 1 : 0]]),
    familyText(webFamilies.untaken, untaken),
    processMetrics("web"),
  ];
  yield new TextEncoder().encode(own.join(""));
  if (agent.ok) yield* agent.value;
}

async function untakenOf({ database }: Pick<Deps, "database">): Promise<readonly (readonly [Labels, number])[]> {
  const opened = await database();
  const targets = opened.ok ? await opened.value.notifications.targets() : opened;
  if (!targets.ok) return [];
  const enabled = targets.value.filter(({ isEnabled }) => isEnabled);
  return enabled.map(({ name, delivery }) => [[["target", name]], delivery.attempts]);
}

async function hasDatabase({ database }: Pick<Deps, "database">): Promise<boolean> {
  const opened = await database();
  return opened.ok && (await opened.value.farms.position()).ok;
}
