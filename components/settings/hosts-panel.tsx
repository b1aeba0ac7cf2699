import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Note } from "@/components/ui/note.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { SyncMark } from "@/components/ui/sync-mark.tsx";
import { wide } from "@/components/ui/wide.ts";
import type { HostView } from "@/server/core/change/views.ts";
import type { AgentState } from "@/server/core/metrics/feed.ts";
import { HostFeatures } from "./host-features.tsx";
import { HostFindings, LastDrift } from "./host-findings.tsx";

type HostsPanelProps = {
  readonly hosts: readonly HostView[];
  /** the agent has not answered this page yet: what it said last */
  readonly isAsking?: boolean;
};

/** The balancer: who runs there with which rights, and what it can do. As the kernel reports it, not as it was configured. */
export function HostsPanel({ hosts, isAsking = false }: HostsPanelProps) {
  return (
    <>
      {hosts.map((host) => (
        <Host key={host.balancerId} host={host} isAsking={isAsking} />
      ))}
    </>
  );
}

type HostProps = { readonly host: HostView; readonly isAsking: boolean };

function Host({ host, isAsking }: HostProps) {
  const { agent } = host;
  return (
    <Panel
      title={host.name}
      meta={agent.state === "answering" ? placeText(agent.lab) : undefined}
      actions={
        agent.state === "answering" && agent.sync !== null ? <SyncMark state={agent.sync} /> : <SyncMark state="lost" />
      }
    >
      <div className="grid gap-2 px-3.5 pt-3 empty:hidden">
        {agent.state === "answering" ? null : (
          <Note tone="lost">
            <b>{agent.text}</b>
          </Note>
        )}
        {isAsking && agent.state === "answering" ? (
          <Note>The agent is asked how it is; this is what it said last.</Note>
        ) : null}
        {host.storageProblem === null ? null : <Note tone="bad">{host.storageProblem}</Note>}
      </div>
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(min(180px,40%),1fr))] gap-x-5 gap-y-2 px-3.5 py-3">
        <Fact name="Version" value={host.version} />
        <Fact name="Revision" value={agent.n === null ? null : `${agent.n}, epoch ${agent.epoch}`} />
        <Fact name="Kernel" value={agent.kernel} />
        <Fact name="nft" value={agent.nft} />
        <Fact name="Farms" value={host.farms === null ? null : formatCount(host.farms)} />
        <Fact name="Backends" value={host.backends === null ? null : formatCount(host.backends)} />
        <Fact
          name="Connection tracking, at most"
          value={host.conntrackMax === null ? null : formatCount(host.conntrackMax)}
        />
        <div>
          <dt className="text-small text-ink-3">Agent runs since</dt>
          <dd>{host.startedAt === null ? "-" : <LocalTime atMs={host.startedAt} withDate />}</dd>
        </div>
      </dl>
      <HostFindings findings={agent.findings} />
      <LastDrift drift={agent.drift} />
      <Processes agent={agent} />
      <HostFeatures agent={agent} />
    </Panel>
  );
}

function placeText(isLab: boolean): string {
  return isLab ? "lab: private namespaces, nothing on this machine is touched" : "this machine's own kernel";
}

function Fact({ name, value }: { readonly name: string; readonly value: string | null }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-ink-3">{name}</dt>
      <dd className="break-words">{value ?? "-"}</dd>
    </div>
  );
}

const tasks = {
  agent: "applies the rules, counts, checks",
  prober: "asks backends",
  web: "this page; people and history",
} as const;

function Processes({ agent }: { readonly agent: AgentState }) {
  return (
    <div className="border-t border-line">
      <DataTable label="Processes and their rights" tight>
        <thead>
          <tr>
            <Th>Process</Th>
            <Th className={wide}>Task</Th>
            <Th num>pid</Th>
            <Th num className={wide}>
              uid
            </Th>
            <Th>Capabilities in effect</Th>
          </tr>
        </thead>
        <tbody>
          {agent.processes.map((process) => (
            <tr key={process.name}>
              <th scope="row" className="stick font-medium max-sm:py-1.5!">
                {process.name}
                <small className="block max-w-27 text-small font-normal whitespace-normal text-ink-3 sm:hidden">
                  {tasks[process.name]}
                </small>
              </th>
              <td className={`text-ink-2 ${wide}`}>{tasks[process.name]}</td>
              <td className="num">{process.pid ?? "-"}</td>
              <td className={`num ${wide}`}>{process.uid ?? "-"}</td>
              <td className="mono whitespace-normal">
                {process.pid === null
                  ? "not running"
                  : process.capabilities === ""
                    ? "none"
                    : (process.capabilities ?? "-")}
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  );
}
