/** The sentence-level truth about the agent, made from its last status and from how the connection to it stands. */
import type { AgentState } from "../core/metrics/feed.ts";
import type { WebProcess } from "../platform/web-process.ts";
import type { AgentStatus } from "../wire/agent.ts";

export function neverSeen(web: WebProcess): AgentState {
  return {
    state: "lost",
    lastSeenAt: null,
    text: "The agent has not answered yet",
    hostname: null,
    kernel: null,
    nft: null,
    lab: false,
    epoch: null,
    n: null,
    sync: null,
    processes: [webRow(web)],
    features: [],
    findings: [],
    drift: null,
  };
}

export function answering(status: AgentStatus, at: number, web: WebProcess): AgentState {
  return {
    state: "answering",
    lastSeenAt: at,
    text: syncText[status.sync],
    hostname: status.host.hostname,
    kernel: status.host.kernel,
    nft: status.host.nft,
    lab: status.host.lab,
    epoch: status.epoch,
    n: status.n,
    sync: status.sync,
    processes: [...status.processes, webRow(web)],
    features: status.features,
    findings: status.findings.map(({ farmIds: _, ...finding }) => finding),
    drift: status.drift,
  };
}

/** The last known values stay, so that a page can grey them with their age. */
export function lost(last: AgentState, text: string): AgentState {
  return { ...last, state: "lost", text };
}

export function otherProtocol(last: AgentState, text: string): AgentState {
  return { ...last, state: "other-protocol", text };
}

/** Equal for everything a person could see; `lastSeenAt` moves each second and is no news. */
export function sameState(a: AgentState, b: AgentState): boolean {
  return JSON.stringify({ ...a, lastSeenAt: 0 }) === JSON.stringify({ ...b, lastSeenAt: 0 });
}

const syncText = {
  "in-sync": "The agent answers; the kernel is as saved",
  applying: "The agent is applying a change",
  drift: "The kernel's rules differ from what was saved; the agent is repairing them",
  unclaimed:
    "The kernel carries rules of ours that the agent's own state does not account for; they are left alone until an administrator decides",
} as const;

function webRow(web: WebProcess): AgentState["processes"][number] {
  return { name: "web", ...web };
}
