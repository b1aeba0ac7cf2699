/**
 * One running lab: its network, its processes and what can be asked of them. Lives in the process `lab.mjs serve`, which is root,
 * or root of its own user namespace. Owns every child process and every namespace of its run, and ends them all in `close`.
 */
import type { Child } from "./children.ts";
import { FarmFollower } from "./follow-farms.ts";
import type { Orders } from "./ipc.ts";
import type {
  BackendCounters,
  Behaviour,
  BehaviourChange,
  ExecReport,
  LabStatus,
  ProcessAction,
  ServeOptions,
  TrafficCounters,
} from "./messages.ts";
import { planNetwork } from "./network.ts";
import { closeNamespaces, openNetwork } from "./open-network.ts";
import { backendAddresses, backendName, namespaceOf, type Places } from "./places.ts";
import { inNamespace, runCommand } from "./run-command.ts";
import { agentChild, type LabChild, nodeChild, proberChild } from "./specs.ts";

const stopTimeoutMs = 3000;
const groupMax = 2_147_483_647;

export class Lab {
  readonly options: ServeOptions;
  readonly places: Places;
  private readonly backends = new Map<string, LabChild>();
  private readonly clients = new Map<string, LabChild>();
  private readonly daemons: { agent: Child; prober: Child };
  private readonly behaviours = new Map<string, Behaviour>();
  private readonly follower: FarmFollower;

  constructor(options: ServeOptions, places: Places) {
    this.options = options;
    this.places = places;
    this.daemons = { agent: agentChild(options, places), prober: proberChild(options, places) };
    this.follower = new FarmFollower(places.agentSocket, namespaceOf(places.runId, "balancer"), (targets) => {
      void this.clients
        .get("clients")
        ?.orders()
        .order("targets", targets)
        .catch(() => undefined);
    });
  }

  async open(): Promise<void> {
    const { runId, backends, hasAgent, firstUid } = this.options;
    await openNetwork(planNetwork(runId, backends, firstUid === null ? 0 : groupMax));
    const names = Array.from({ length: backends }, (_, i) => backendName(i));
    const ownChildren = names.map((name) => this.startBackend(name));
    const daemons = hasAgent ? [this.daemons.agent.start().then(() => this.daemons.prober.start())] : [];
    await Promise.all([...ownChildren, this.clientsIn("clients"), ...daemons]);
    if (this.options.hasTraffic) this.follower.start();
  }

  async close(): Promise<void> {
    this.follower.stop();
    const own = [...this.clients.values(), ...this.backends.values()].map((one) => one.child);
    const stop = (child: Child) => child.stop("SIGTERM", stopTimeoutMs);
    // first, or it would still tell that the others are gone
    await stop(this.daemons.agent);
    await Promise.all([...own, this.daemons.prober].map(stop));
    await closeNamespaces(this.options.runId);
  }

  async status(): Promise<LabStatus> {
    const { runId, stateFolder, launcherPid } = this.options;
    const own = [...this.backends.values(), ...this.clients.values()].map((one) => one.child);
    return {
      runId,
      stateFolder,
      pid: process.pid,
      launcherPid,
      socket: this.places.agentSocket,
      namespaces: ["balancer", "clients", ...this.backends.keys()].map((short) => namespaceOf(runId, short)),
      processes: [this.daemons.agent, this.daemons.prober, ...own].map((child) => ({
        name: child.spec.name,
        pid: child.pid,
        restarts: child.restarts,
      })),
      backends: await Promise.all([...this.backends.keys()].map((name, i) => this.backendStatus(name, i))),
      traffic: (await this.clients.get("clients")?.orders().order("traffic")) as TrafficCounters,
      targets: this.follower.targets,
    };
  }

  async setBackend(name: string, change: BehaviourChange): Promise<Behaviour> {
    const backend = this.backends.get(name);
    if (backend === undefined) throw new Error(`no backend ${name}; there are ${[...this.backends.keys()].join(", ")}`);
    const behaviour = (await backend.orders().order("behaviour", change)) as Behaviour;
    this.behaviours.set(name, behaviour);
    return behaviour;
  }

  setTraffic(isOn: boolean): void {
    this.follower.stop();
    if (isOn) this.follower.start();
    const targets = isOn ? this.follower.targets : [];
    void this.clients.get("clients")?.orders().order("targets", targets);
  }

  async process({ name, action }: ProcessAction): Promise<void> {
    const child = this.daemons[name];
    if (action === "start") await child.start();
    else if (action === "crash") child.crash();
    else await child.stop(action === "kill" ? "SIGKILL" : "SIGTERM", stopTimeoutMs);
  }

  exec(order: { namespace: string; argv: string[]; input: string; timeoutMs: number }): Promise<ExecReport> {
    return runCommand(inNamespace(namespaceOf(this.options.runId, order.namespace), order.argv), order);
  }

  /** The client process of a namespace, started when it is first needed. */
  async clientsIn(namespace: string): Promise<Orders> {
    let client = this.clients.get(namespace);
    if (client === undefined) {
      client = nodeChild(this.options, namespace, `client-${namespace}`, ["client"]);
      this.clients.set(namespace, client);
      await client.child.start();
    }
    return client.orders();
  }

  private async startBackend(name: string): Promise<void> {
    const backend = nodeChild(this.options, name, name, ["backend", name]);
    this.backends.set(name, backend);
    this.behaviours.set(name, { latencyMs: 0, errorPct: 0, isHealthy: true, isListening: true, isResetting: false });
    await backend.child.start();
  }

  private async backendStatus(name: string, index: number): Promise<LabStatus["backends"][number]> {
    const { v4, v6 } = backendAddresses(index);
    const counters = (await this.backends.get(name)?.orders().order("counters")) as BackendCounters;
    const behaviour = this.behaviours.get(name);
    if (behaviour === undefined) throw new Error(`no behaviour of ${name}`);
    return { name, addresses: [v4, v6], behaviour, counters };
  }
}
