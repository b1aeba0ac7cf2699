/** What the agent says about itself and its host. */
import type { AgentStatus } from "../wire/agent.ts";
import { protocolVersion } from "../wire/agent.ts";
import type { Applier } from "./applier.ts";
import { processRights } from "./host-facts.ts";
import type { Finding } from "./preflight.ts";

const findingsMax = 100;
const farmsNamedMax = 20;

/** A finding may concern thousands of farms; each of them says so on its own page. */
function shortened({ farmIds, ...finding }: Finding): AgentStatus["findings"][number] {
  return { ...finding, farmIds: farmIds?.slice(0, farmsNamedMax) ?? null, farms: farmIds?.length ?? null };
}

export type Feature = AgentStatus["features"][number];

export type StatusDeps = {
  readonly version: string;
  readonly bootId: string;
  readonly startedAt: number;
  readonly now: () => number;
  readonly applier: Applier;
  readonly isIncomplete: () => boolean;
  readonly proberPid: () => number | null;
  readonly host: AgentStatus["host"];
  readonly features: () => readonly Feature[];
  readonly conntrackMax: () => number | null;
  readonly findings: () => readonly Finding[];
  readonly lastDrift: () => AgentStatus["drift"];
  readonly agentPid: number;
};

export function createStatus(deps: StatusDeps): () => AgentStatus {
  return () => {
    const { desired } = deps.applier.state();
    let backends = 0;
    for (const { farm } of desired.farms.values()) backends += farm.backends.length;
    const proberPid = deps.proberPid();
    return {
      protocol: protocolVersion,
      version: deps.version,
      bootId: deps.bootId,
      startedAt: deps.startedAt,
      at: deps.now(),
      epoch: desired.epoch,
      n: desired.n,
      digest: deps.applier.digest(),
      farms: desired.farms.size,
      backends,
      sync: deps.applier.sync(),
      isIncomplete: deps.isIncomplete(),
      processes: [
        { name: "agent", pid: deps.agentPid, ...processRights(deps.agentPid) },
        { name: "prober", pid: proberPid, ...processRights(proberPid) },
      ],
      host: deps.host,
      features: [...deps.features()],
      conntrackMax: deps.conntrackMax(),
      findings: deps.findings().slice(0, findingsMax).map(shortened),
      drift: deps.lastDrift(),
    };
  };
}
