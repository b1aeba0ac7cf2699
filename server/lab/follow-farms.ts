/**
 * Keeps the lab in step with the agent's farms: steady traffic goes to every enabled farm, and the balancer carries the VIPs that
 * lie in the clients' network. Asks the agent for its revision once a second and reads the farms only when a farm came, went or changed
 * its place: reading thousands of them for each weight that moves would be the lab's largest work.
 */
import { agentFarms, agentRevision, operationsBetween, type Revision } from "./agent-farms.ts";
import { aimAt, movesTraffic, vipsOf } from "./aim.ts";
import type { Target } from "./messages.ts";
import { vipCommand } from "./network.ts";
import { vipsAtStart } from "./places.ts";
import { mustRun } from "./run-command.ts";

const everyMs = 1000;

export class FarmFollower {
  targets: readonly Target[] = [];
  private readonly vips = new Set(vipsAtStart);
  private revision: Revision | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly socket: string;
  private readonly namespace: string;
  private readonly onTargets: (targets: readonly Target[]) => void;

  constructor(socket: string, namespace: string, onTargets: (targets: readonly Target[]) => void) {
    this.socket = socket;
    this.namespace = namespace;
    this.onTargets = onTargets;
  }

  start(): void {
    const again = () => {
      this.timer = setTimeout(() => void this.look().finally(again), everyMs);
    };
    void this.look().finally(again);
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** An agent that does not answer is looked at again later; the traffic goes on as it was. */
  private async look(): Promise<void> {
    try {
      const revision = await agentRevision(this.socket);
      if (await this.hasMoved(revision)) {
        const farms = await agentFarms(this.socket);
        await this.carry(vipsOf(farms));
        this.targets = aimAt(farms);
        this.onTargets(this.targets);
      }
      this.revision = revision;
    } catch {
      this.revision = null;
    }
  }

  private async hasMoved(to: Revision): Promise<boolean> {
    const from = this.revision;
    if (from === null) return true;
    if (from.bootId === to.bootId && from.epoch === to.epoch && from.n === to.n) return false;
    const operations = await operationsBetween(this.socket, from, to);
    return operations === null || operations.some(movesTraffic);
  }

  /** Addresses are only added: a VIP without a farm shows how the balancer itself answers. */
  private async carry(wanted: ReadonlySet<string>): Promise<void> {
    for (const address of wanted) {
      if (this.vips.has(address)) continue;
      await mustRun(["ip", "-n", this.namespace, ...vipCommand("add", address).split(" ")]);
      this.vips.add(address);
    }
  }
}
