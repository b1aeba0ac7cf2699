import { answering, lost, neverSeen, otherProtocol } from "../agent-link/agent-state.ts";
import type { Actor } from "../auth/actor.ts";
import type { HostView } from "../core/change/views.ts";
import type { AgentState } from "../core/metrics/feed.ts";
import { ok, type Result } from "../core/result.ts";
import { webProcess } from "../platform/web-process.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/**
 * The balancer and its processes, asked for now; what does not answer is said, with what is known of it (`last`), never a failure of the page.
 * An agent that is there and does not answer takes as long as is waited for it: show `knownHosts` until then.
 */
export async function readHosts(
  actor: Actor,
  last: AgentState = neverSeen(webProcess()),
  deps: Deps = runtime(),
): Promise<Result<readonly HostView[]>> {
  const permitted = permit(actor, "read-hosts");
  if (!permitted.ok) return permitted;
  const database = await deps.database();
  const position = database.ok ? await database.value.farms.position() : database;
  const status = await deps.agent.status();
  const storageProblem = position.ok ? null : position.error.text;
  if (status.ok) {
    const { version, startedAt, farms, backends, conntrackMax, host } = status.value;
    const agent = answering(status.value, deps.nowMs(), webProcess());
    const name = host.hostname;
    return ok([{ ...balancer, name, agent, version, startedAt, farms, backends, conntrackMax, storageProblem }]);
  }
  const say = status.error.code === "protocol" ? otherProtocol : lost;
  return ok(knownHosts(say(last, status.error.text)).map((host) => ({ ...host, storageProblem })));
}

/** The balancer by what was heard of it last; nobody is asked. */
export function knownHosts(agent: AgentState): HostView[] {
  const unknown = { version: null, startedAt: null, farms: null, backends: null, conntrackMax: null };
  return [{ ...balancer, ...unknown, name: agent.hostname ?? "This balancer", agent, storageProblem: null }];
}

/** one web process manages one balancer for now */
const balancer = { balancerId: "local" } as const;
