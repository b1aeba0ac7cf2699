/**
 * The client of the agent's socket: HTTP by undici, every answer parsed by schema. What goes wrong is a value. A request that may have
 * reached the agent and got no answer is "outcome-unknown" for a change and "agent-down" for a question.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Pool } from "undici";
import * as z from "zod/mini";
import type { ChangePreview } from "../core/change/preview.ts";
import { parseJson } from "../core/json.ts";
import type { FarmSeries } from "../core/metrics/live.ts";
import { type Failure, fail, ok, type Result } from "../core/result.ts";
import {
  agentStatusSchema,
  changeAnswerSchema,
  errorAnswerSchema,
  farmsAnswerSchema,
  journalAnswerSchema,
  minutesAnswerSchema,
  previewAnswerSchema,
  protocolHeader,
  protocolVersion,
  rulesetAnswerSchema,
  stickinessAnswerSchema,
} from "../wire/agent.ts";
import { backendMonitorSchema, checkEntrySchema } from "../wire/monitor.ts";
import type { AgentLink } from "./agent-link.ts";
import { readStream } from "./read-stream.ts";
import { failureOf } from "./transport-failure.ts";

export type AgentLinkOptions = {
  readonly socketPath: string;
  /** how long a change, and a preview, may take; a command line that imports waits longer than a page */
  readonly changeMs?: number;
  readonly previewMs?: number;
};

/** the agent answers a change within 1 s, if only with "unknown" */
const usualChangeMs = 1500;
const seedMs = 31_000;
const readMs = 5000;
/** a check has up to a minute */
const checkNowMs = 65_000;
const answerBytesMax = 256 * 1024 * 1024;

type Ask = {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: unknown;
  readonly withinMs: number;
  readonly isChange?: boolean;
};

export function createAgentLink({
  socketPath,
  changeMs = usualChangeMs,
  previewMs = readMs,
}: AgentLinkOptions): AgentLink {
  const pool = new Pool("http://agent", { socketPath, connections: 16, keepAliveTimeout: 30_000 });
  const headers = { [protocolHeader]: String(protocolVersion), "content-type": "application/json" };

  async function ask<T>(what: Ask, parse: (value: unknown) => T | null): Promise<Result<T>> {
    try {
      const { statusCode, body } = await pool.request({
        method: what.method,
        path: what.path,
        headers,
        body: what.body === undefined ? null : JSON.stringify(what.body),
        headersTimeout: what.withinMs,
        bodyTimeout: what.withinMs,
      });
      const text = await textOf(body, answerBytesMax);
      const answer = answerOf(statusCode, text, parse);
      return what.isChange === true && !answer.ok ? unlessApplied(statusCode, answer.error) : answer;
    } catch (error) {
      return failureOf(error, what.isChange === true);
    }
  }

  const get = <T>(path: string, parse: (value: unknown) => T | null) =>
    ask({ method: "GET", path, withinMs: readMs }, parse);

  return {
    status: () => get("/v1/status", by(agentStatusSchema)),
    farms: () => ask({ method: "GET", path: "/v1/farms", withinMs: seedMs }, by(farmsAnswerSchema)),
    apply: (body) => {
      const what = { method: "POST", path: "/v1/changes", body, withinMs: changeMs, isChange: true } as const;
      return ask(what, by(changeAnswerSchema));
    },
    async change(uuid) {
      const answer = await get(`/v1/changes/${encodeURIComponent(uuid)}`, by(changeAnswerSchema));
      return !answer.ok && answer.error.code === "not-found" ? ok(null) : answer;
    },
    preview: (body) =>
      ask<ChangePreview>({ method: "POST", path: "/v1/preview", body, withinMs: previewMs }, by(previewAnswerSchema)),
    journal: (epoch, after) => get(`/v1/journal?epoch=${epoch}&after=${after}`, by(journalAnswerSchema)),
    seed: (body) =>
      ask({ method: "POST", path: "/v1/seed", body, withinMs: seedMs, isChange: true }, by(changeAnswerSchema)),
    ruleset: (farmId) => get(`/v1/farms/${encodeURIComponent(farmId)}/ruleset`, by(rulesetAnswerSchema)),
    stickiness: (farmId, client, vip) => {
      const query = new URLSearchParams({ client, vip });
      return get(`/v1/farms/${encodeURIComponent(farmId)}/stickiness?${query}`, by(stickinessAnswerSchema));
    },
    series: (farmId, fromMs, toMs) =>
      get(`/v1/farms/${encodeURIComponent(farmId)}/series?fromMs=${fromMs}&toMs=${toMs}`, asSeries),
    monitor: (farmId, backendId) => get(`${backendPath(farmId, backendId)}/monitor`, by(backendMonitorSchema)),
    checkNow: (farmId, backendId) =>
      ask(
        { method: "POST", path: `${backendPath(farmId, backendId)}/check`, withinMs: checkNowMs },
        by(checkEntrySchema),
      ),
    minutes: (afterMs, limit) => get(`/v1/minutes?after=${afterMs}&limit=${limit}`, by(minutesAnswerSchema)),
    async metrics() {
      try {
        const what = { method: "GET", path: "/metrics", headersTimeout: readMs, bodyTimeout: readMs } as const;
        const { statusCode, body } = await pool.request(what);
        if (statusCode === 200) return ok(body);
        return answerOf<never>(statusCode, await textOf(body, answerBytesMax), () => null);
      } catch (error) {
        return failureOf(error, false);
      }
    },
    async stream(onMessage, signal) {
      try {
        const { statusCode, body } = await pool.request({
          method: "GET",
          path: "/v1/stream",
          headers,
          signal,
          headersTimeout: readMs,
          bodyTimeout: 0, // silence is judged by who listens
        });
        if (statusCode !== 200) return answerOf(statusCode, await textOf(body, answerBytesMax), () => null);
        return await readStream(body, onMessage, () => nextTurn());
      } catch (error) {
        return signal.aborted ? ok(null) : failureOf(error, false);
      }
    },
  };
}

function backendPath(farmId: string, backendId: string): string {
  return `/v1/farms/${encodeURIComponent(farmId)}/backends/${encodeURIComponent(backendId)}`;
}

function by<T>(schema: z.ZodMiniType<T>): (value: unknown) => T | null {
  return (value) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : null;
  };
}

/** The rows are the agent's own, of the same protocol version: only the envelope is checked, as in the stream. */
function asSeries(value: unknown): FarmSeries | null {
  const envelope = z.looseObject({ farmId: z.string(), atMs: z.array(z.number()), backends: z.array(z.unknown()) });
  return envelope.safeParse(value).success ? (value as FarmSeries) : null;
}

function answerOf<T>(statusCode: number, text: string, parse: (value: unknown) => T | null): Result<T> {
  const value = parseJson(text);
  if (statusCode === 200) {
    const parsed = parse(value);
    return parsed === null ? nonsense(`200: ${text.slice(0, 200)}`) : ok(parsed);
  }
  const failure = errorAnswerSchema.safeParse(value);
  return failure.success ? { ok: false, error: failure.data.error } : nonsense(`${statusCode}: ${text.slice(0, 200)}`);
}

/** An answer that cannot be read, or an agent that failed inside, says nothing about whether the change was made. */
function unlessApplied(statusCode: number, failure: Failure): Result<never> {
  if (statusCode !== 200 && statusCode !== 500) return { ok: false, error: failure };
  const text = "The agent answered, but not whether it made the change";
  return fail("outcome-unknown", text, { detail: failure.detail ?? failure.text, retry: true });
}

function nonsense(detail: string): Result<never> {
  return fail("protocol", "The agent's answer cannot be understood: it is of another version", { detail });
}

async function textOf(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw new Error(`an answer above ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
