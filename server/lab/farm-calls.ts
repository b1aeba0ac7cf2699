/**
 * Changes farms through the agent's socket the way web does, for kernel tests and benchmarks: keeps each farm's and list's version as the base
 * of the next change, waits as told when the agent is busy, throws with the agent's words when it refuses.
 */
import { randomUUID } from "node:crypto";
import type { Operation } from "../core/change/operation.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import { farmSchema } from "../core/farm/schema.ts";
import type { Farm } from "../core/farm/types.ts";
import { type ChangeAnswer, changeAnswerSchema, errorAnswerSchema, farmsAnswerSchema } from "../wire/agent.ts";
import { callAgent } from "./agent-farms.ts";

type Unbased = Operation extends infer One ? (One extends Operation ? Omit<One, "base"> : never) : never;
export type Applied = Extract<ChangeAnswer, { outcome: "applied" }>;

const againMs = 25;
const busyStatus = 429;

export class FarmCalls {
  private readonly versions = new Map<string, number>();
  private readonly socket: string;

  constructor(socket: string) {
    this.socket = socket;
  }

  async put(farm: Farm): Promise<Applied> {
    return this.change({ type: "put-farm", farm }, farm.id);
  }

  async remove(farmId: string): Promise<Applied> {
    const applied = await this.change({ type: "remove-farm", farmId }, farmId);
    this.versions.delete(farmId);
    return applied;
  }

  enable(farmId: string, enabled: boolean): Promise<Applied> {
    return this.change({ type: "set-enabled", farmId, enabled }, farmId);
  }

  weights(farm: Farm, weights: readonly number[]): Promise<Applied> {
    const byId = Object.fromEntries(farm.backends.map((backend, i) => [backend.id, weights[i] ?? backend.weight]));
    return this.change({ type: "set-weights", farmId: farm.id, weights: byId }, farm.id);
  }

  state(farm: Farm, backend: number, state: "active" | "drain" | "maintenance"): Promise<Applied> {
    const states = { [backendId(farm, backend)]: state };
    return this.change({ type: "set-admin-state", farmId: farm.id, states }, farm.id);
  }

  cut(farm: Farm, backend: number): Promise<Applied> {
    return this.change({ type: "cut", farmId: farm.id, backendId: backendId(farm, backend) }, farm.id);
  }

  putList(list: NamedList): Promise<Applied> {
    return this.change({ type: "put-list", list }, list.id);
  }

  async removeList(listId: string): Promise<Applied> {
    const applied = await this.change({ type: "remove-list", listId }, listId);
    this.versions.delete(listId);
    return applied;
  }

  /** The farms as the agent has them now. */
  async farms(): Promise<Farm[]> {
    const { farms } = farmsAnswerSchema.parse((await callAgent(this.socket, "GET", "/v1/farms")).body);
    for (const { farm, version } of farms) this.versions.set(farm.id, version);
    return farms.map(({ farm }) => farm);
  }

  private async change(operation: Unbased, id: string): Promise<Applied> {
    const based = { ...operation, base: this.versions.get(id) ?? null };
    const request = { uuid: randomUUID(), actor: { id: "test", name: "test" }, operations: [based] };
    const answer = await this.outcome(request);
    if (answer.outcome !== "applied") throw new Error(JSON.stringify(answer));
    // a cut is journalled but changes no farm, so the farm keeps its version
    if (operation.type !== "cut") this.versions.set(id, answer.n);
    return answer;
  }

  /** Posts a change and waits until its outcome is known: a busy agent is asked later, a slow one again by uuid. */
  private async outcome(request: { readonly uuid: string }): Promise<ChangeAnswer> {
    let call = await callAgent(this.socket, "POST", "/v1/changes", request);
    for (;;) {
      const answer = changeAnswerSchema.safeParse(call.body);
      const isBusy = call.status === busyStatus && errorAnswerSchema.safeParse(call.body).success;
      if (!isBusy && !answer.success) throw new Error(JSON.stringify(call.body));
      if (answer.success && answer.data.outcome !== "unknown") return answer.data;
      await new Promise((resolve) => setTimeout(resolve, againMs));
      call = isBusy
        ? await callAgent(this.socket, "POST", "/v1/changes", request)
        : await callAgent(this.socket, "GET", `/v1/changes/${request.uuid}`);
    }
  }
}

function backendId(farm: Farm, index: number): string {
  const id = farm.backends[index]?.id;
  if (id === undefined) throw new Error(`${farm.name} has no backend ${index}`);
  return id;
}

/** A farm for a test: what is not said has the farm document's default. */
export function makeFarm(farm: Readonly<Record<string, unknown>> & { readonly backends: readonly object[] }): Farm {
  const backends = farm.backends.map((backend, i) => ({ id: randomUUID(), name: `web-${i + 1}`, ...backend }));
  return farmSchema.parse({ id: randomUUID(), protocol: "tcp", ports: [80], ...farm, backends });
}
