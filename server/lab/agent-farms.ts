/** The little the lab asks of the agent itself: its farms (to follow them) and the first seed. Plain HTTP over the agent's socket. */
import { request } from "node:http";
import type { Operation } from "../core/change/operation.ts";
import {
  agentStatusSchema,
  changeAnswerSchema,
  farmsAnswerSchema,
  journalAnswerSchema,
  protocolHeader,
  protocolVersion,
} from "../wire/agent.ts";
import { readJson } from "./read-json.ts";

export type AgentCall = { readonly status: number; readonly body: unknown };

export function callAgent(socketPath: string, method: string, path: string, body?: unknown): Promise<AgentCall> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      [protocolHeader]: String(protocolVersion),
      ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
    };
    const sent = request({ socketPath, method, path, headers, timeout: 40_000 }, (response) => {
      readJson(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    sent.on("timeout", () => sent.destroy(new Error("the agent did not answer")));
    sent.on("error", reject);
    sent.end(text);
  });
}

/** Moves whenever the farms may have changed. */
export type Revision = { readonly bootId: string; readonly epoch: number; readonly n: number };

export async function agentRevision(socketPath: string): Promise<Revision> {
  const { bootId, epoch, n } = agentStatusSchema.parse((await callAgent(socketPath, "GET", "/v1/status")).body);
  return { bootId, epoch, n };
}

/** What led from one revision to another; null = the agent does not say. */
export async function operationsBetween(socketPath: string, from: Revision, to: Revision): Promise<Operation[] | null> {
  if (from.bootId !== to.bootId || from.epoch !== to.epoch) return null;
  const path = `/v1/journal?epoch=${from.epoch}&after=${from.n}`;
  const { entries } = journalAnswerSchema.parse((await callAgent(socketPath, "GET", path)).body);
  const isWhole = entries.some(({ n }) => n === to.n) && entries.every(({ n }, at) => n === from.n + at + 1);
  return isWhole ? entries.flatMap(({ operations }) => operations) : null;
}

export async function agentFarms(socketPath: string) {
  return farmsAnswerSchema.parse((await callAgent(socketPath, "GET", "/v1/farms")).body).farms.map(({ farm }) => farm);
}

/** Gives the farms to the agent as epoch 1; throws with the agent's own words when it does not take them. */
export async function seedAgent(socketPath: string, farms: readonly unknown[], uuid: string): Promise<void> {
  const actor = { id: "lab", name: "lab" };
  const { body } = await callAgent(socketPath, "POST", "/v1/seed", { uuid, actor, epoch: 1, farms });
  const answer = changeAnswerSchema.safeParse(body);
  if (answer.success && answer.data.outcome === "applied") return;
  throw new Error(`the agent did not take the lab's farms: ${JSON.stringify(body)}`);
}
