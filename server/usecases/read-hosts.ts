import { answering, lost, neverSeen, otherProtocol } from "../agent-link/agent-state.ts";
import type { Actor } from "../auth/actor.ts";
import type { HostView } from "../core/change/views.ts";
import { ok, type Result } from "../core/result.ts";
import { webProcess } from "../platform/web-process.ts";
import type { Deps } from "./deps.ts";
import { permit } from "./permit.ts";
import { runtime } from "./runtime.ts";

/** The balancer and its processes, asked for now; what does not answer is said, never a failure of the page. */
export async function readHosts(actor: Actor, deps: Deps = runtime()): Promise<Result<readonly HostView[]>> {
  const permitted = permit(actor, "read-hosts");
  if (!permitted.ok) return permitted;
  const database = await deps.database();
  const position = database.ok ? await database.value.farms.position() : database;
  const status = await deps.agent.status();
  const web = webProcess();
  const storageProblem = position.ok ? null : position.error.text;
  if (status.ok) {
    const { version, startedAt, farms, backends, conntrackMax, host } = status.value;
    const agent = answering(status.value, deps.nowMs(), web);
    const name = host.hostname;
    return ok([{ ...balancer, name, agent, version, startedAt, farms, backends, conntrackMax, storageProblem }]);
  }
  const unknown = { version: null, startedAt: null, farms: null, backends: null, conntrackMax: null };
  const say = status.error.code === "protocol" ? otherProtocol : lost;
  const agent = say(neverSeen(web), status.error.text);
  return ok([{ ...balancer, name: "This balancer", agent, ...unknown, storageProblem }]);
}

/** one web process manages one balancer for now */
const balancer = { balancerId: "local" } as const;
