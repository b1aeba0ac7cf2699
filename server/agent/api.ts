/**
 * The agent's HTTP side: finds the route, checks protocol version, rate and size, parses every message by schema, and waits for one
 * outcome no longer than promised. Who calls was decided before (callers.ts).
 */
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { isUrgent, type Operation } from "../core/change/operation.ts";
import type { Stickiness } from "../core/explain/stickiness.ts";
import { limits } from "../core/farm/limits.ts";
import { type Failure, fail, type Result } from "../core/result.ts";
import {
  type AgentStatus,
  type ChangeAnswer,
  protocolHeader,
  protocolVersion,
  type RulesetAnswer,
  seedRequestSchema,
} from "../wire/agent.ts";
import { closeAfter, sendFailure, sendJson, sendJsonPieces } from "./answers.ts";
import type { Applier } from "./applier.ts";
import { callerUid } from "./callers.ts";
import { farmsAnswer } from "./farms-answer.ts";
import type { History } from "./history.ts";
import { readJson } from "./http-body.ts";
import { parseChange, parseMessage } from "./messages.ts";
import type { MetricsAnswer } from "./metrics-answer.ts";
import type { Monitor } from "./monitor.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { AskedClient } from "./stickiness.ts";

export type ApiDeps = {
  readonly applier: Applier;
  readonly history: History;
  readonly rates: RateLimit;
  readonly status: () => AgentStatus;
  readonly ruleset: (farmId: string) => Promise<Result<RulesetAnswer>>;
  readonly stickiness: (asked: AskedClient) => Promise<Result<Stickiness>>;
  readonly monitor: Monitor;
  readonly series: (farmId: string, fromMs: number, toMs: number) => Result<unknown>;
  /** JSON text of a MinutesAnswer */
  readonly minutes: (afterMs: number, limit: number) => Iterable<string>;
  /** between the pieces of a large answer */
  readonly pause: () => Promise<void>;
  /** the page for monitoring; curl and scrapers know no protocol version */
  readonly metrics: MetricsAnswer;
  readonly openStream: (request: IncomingMessage, response: ServerResponse) => void;
  readonly now: () => number;
  readonly log: (level: "info" | "warn" | "error", event: string, fields?: Record<string, unknown>) => void;
};

type Call = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly uid: number | null;
  readonly id: string;
  /** of the backend, where the address names one */
  readonly backendId: string;
};
type Route = {
  readonly method: "GET" | "POST";
  readonly pattern: RegExp;
  readonly answer: (call: Call) => Promise<void> | void;
};

const operationAnswerMs = 1000;
const importAnswerMs = 30_000;
/** more operations than a person makes at once: an import */
const importOperations = 20;
const minutesPerAnswer = 60;
const uuidPattern = "([0-9a-fA-F-]{36})";
const backendPath = `/v1/farms/${uuidPattern}/backends/${uuidPattern}`;

export function createApi(deps: ApiDeps): http.Server {
  const routes = routesOf(deps);
  const server = http.createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 60_000 }, (request, response) => {
    const isScrape = request.method === "GET" && request.url === "/metrics";
    const handled = isScrape ? deps.metrics(request, response) : handle(request, response, routes);
    handled.catch((error: unknown) => {
      deps.log("error", "request-failed", { url: request.url, error: String(error) });
      if (!response.headersSent)
        sendJson(response, 500, { error: { code: "protocol", text: "The agent failed inside.", retry: false } });
    });
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.keepAliveTimeout = 120_000;
  return server;
}

async function handle(request: IncomingMessage, response: ServerResponse, routes: readonly Route[]): Promise<void> {
  const version = request.headers[protocolHeader];
  if (version !== String(protocolVersion)) {
    sendFailure(response, otherProtocol(version));
    return closeAfter(response);
  }
  const url = new URL(request.url ?? "/", "http://agent");
  for (const route of routes) {
    const match = route.pattern.exec(url.pathname);
    if (match === null || route.method !== request.method) continue;
    return route.answer({
      request,
      response,
      url,
      uid: callerUid(request.socket),
      id: match[1] ?? "",
      backendId: match[2] ?? "",
    });
  }
  sendFailure(response, fail("not-found", "The agent has no such address.").error);
  closeAfter(response);
}

function otherProtocol(version: string | string[] | undefined): Failure {
  const seen = version === undefined ? "none" : String(version).slice(0, 20);
  return fail(
    "protocol",
    `The agent speaks protocol ${protocolVersion}, the caller ${seen}: restart the older of the two.`,
  ).error;
}

function routesOf(deps: ApiDeps): Route[] {
  const { applier } = deps;
  const get = (path: string, answer: Route["answer"]): Route => ({
    method: "GET",
    pattern: new RegExp(`^${path}$`),
    answer,
  });
  const post = (path: string, answer: Route["answer"]): Route => ({
    method: "POST",
    pattern: new RegExp(`^${path}$`),
    answer,
  });
  return [
    get("/v1/status", ({ response }) => sendJson(response, 200, deps.status())),
    get("/v1/farms", ({ response }) => sendJsonPieces(response, farmsAnswer(applier.state().desired), deps.pause)),
    post("/v1/changes", (call) => answerChange(deps, call)),
    get(`/v1/changes/${uuidPattern}`, ({ response, id }) => {
      const answer = applier.answerOf(id);
      if (answer === null) sendFailure(response, fail("not-found", "No such change was journalled.").error);
      else sendJson(response, 200, answer);
    }),
    post("/v1/preview", (call) => answerPreview(deps, call)),
    get("/v1/journal", (call) => answerJournal(deps, call)),
    post("/v1/seed", (call) => answerSeed(deps, call)),
    get(`/v1/farms/${uuidPattern}/ruleset`, async ({ response, id }) => sendResult(response, await deps.ruleset(id))),
    get(`/v1/farms/${uuidPattern}/stickiness`, async ({ response, id, url }) => {
      const client = url.searchParams.get("client") ?? "";
      sendResult(response, await deps.stickiness({ farmId: id, client, vip: url.searchParams.get("vip") }));
    }),
    get(`/v1/farms/${uuidPattern}/series`, ({ response, id, url }) => {
      const toMs = numberParam(url, "toMs") ?? deps.now();
      const fromMs = numberParam(url, "fromMs") ?? toMs - 300_000;
      sendResult(response, deps.series(id, Math.min(fromMs, toMs), toMs));
    }),
    get(`${backendPath}/monitor`, ({ response, id, backendId }) =>
      sendResult(response, deps.monitor.of(id, backendId)),
    ),
    post(`${backendPath}/check`, (call) => answerCheck(deps, call)),
    get("/v1/minutes", ({ response, url }) => {
      const limit = Math.min(minutesPerAnswer, Math.max(1, numberParam(url, "limit") ?? minutesPerAnswer));
      return sendJsonPieces(response, deps.minutes(numberParam(url, "after") ?? 0, limit), deps.pause);
    }),
    get("/v1/stream", ({ request, response }) => deps.openStream(request, response)),
  ];
}

async function answerChange(deps: ApiDeps, call: Call): Promise<void> {
  const body = await readBounded(call, limits.importBytesMax);
  if (body === null) return;
  const parsed = parseChange(body.value);
  if (!parsed.ok) return sendFailure(call.response, parsed.error);
  const change = parsed.value;
  const failure = operationTooLarge(change.operations, body.bytes) ?? rateFailure(deps, call, change.operations);
  if (failure !== null) return sendFailure(call.response, failure);
  const isImport = change.operations.length > importOperations;
  const outcome = deps.applier.change(change, call.uid);
  await sendOutcome(call.response, change.uuid, outcome, isImport ? importAnswerMs : operationAnswerMs);
}

async function answerCheck(deps: ApiDeps, { response, uid, id, backendId }: Call): Promise<void> {
  const failure = busy(deps.rates.take(uid, "urgent"));
  if (failure !== null) return sendFailure(response, failure);
  sendResult(response, await deps.monitor.checkNow(id, backendId));
}

async function answerSeed(deps: ApiDeps, call: Call): Promise<void> {
  const body = await readBounded(call, limits.importBytesMax);
  if (body === null) return;
  const parsed = parseMessage(seedRequestSchema, body.value);
  if (!parsed.ok) return sendFailure(call.response, parsed.error);
  const failure = busy(deps.rates.take(call.uid, "structural"));
  if (failure !== null) return sendFailure(call.response, failure);
  await sendOutcome(call.response, parsed.value.uuid, deps.applier.seed(parsed.value, call.uid), importAnswerMs);
}

async function answerPreview(deps: ApiDeps, call: Call): Promise<void> {
  const body = await readBounded(call, limits.importBytesMax);
  if (body === null) return;
  const parsed = parseChange(body.value);
  if (!parsed.ok) return sendFailure(call.response, parsed.error);
  const failure = operationTooLarge(parsed.value.operations, body.bytes) ?? busy(deps.rates.take(call.uid, "preview"));
  if (failure !== null) return sendFailure(call.response, failure);
  const preview = await deps.applier.preview(parsed.value);
  if (preview.ok) sendJson(call.response, 200, preview.value);
  else if ("conflicts" in preview.error)
    sendJson(call.response, 409, {
      error: withoutDetail(preview.error),
      conflicts: preview.error.conflicts,
      lists: preview.error.lists,
    });
  else sendFailure(call.response, preview.error);
}

function answerJournal(deps: ApiDeps, { response, url }: Call): void {
  const { epoch, n } = deps.applier.state().desired;
  const askedEpoch = numberParam(url, "epoch") ?? epoch;
  const after = numberParam(url, "after") ?? 0;
  sendJson(response, 200, { epoch, n, entries: deps.history.after(askedEpoch, after) });
}

/** The body as JSON, or null after a failure was answered. */
async function readBounded(call: Call, bytesMax: number): Promise<{ value: unknown; bytes: number } | null> {
  const body = await readJson(call.request, bytesMax);
  if (body.ok) return body.value;
  sendFailure(call.response, body.error);
  closeAfter(call.response);
  return null;
}

/** A single operation has a bound of its own, far below that of an import. */
function operationTooLarge(operations: readonly Operation[], bodyBytes: number): Failure | null {
  if (bodyBytes <= limits.operationBytesMax) return null;
  const at = operations.findIndex((operation) => JSON.stringify(operation).length > limits.operationBytesMax);
  if (at < 0) return null;
  return fail("too-large", `operations[${at}] is larger than 1 MB, the most an operation may be.`).error;
}

function rateFailure(deps: ApiDeps, call: Call, operations: readonly Operation[]): Failure | null {
  return busy(deps.rates.take(call.uid, operations.every(isUrgent) ? "urgent" : "structural"));
}

function busy(waitMs: number | null): Failure | null {
  return waitMs === null ? null : fail("busy", `busy, retry after ${waitMs} ms`, { retry: true }).error;
}

/** "unknown" after the promised time is an answer, not an error: the change goes on and can be asked for by uuid. */
async function sendOutcome(
  response: ServerResponse,
  uuid: string,
  outcome: Promise<ChangeAnswer>,
  waitMs: number,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ChangeAnswer>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: "unknown", uuid }), waitMs);
  });
  const answer = await Promise.race([outcome, late]);
  clearTimeout(timer);
  sendJson(response, 200, answer);
}

function sendResult(response: ServerResponse, result: Result<unknown>): void {
  if (result.ok) sendJson(response, 200, result.value);
  else sendFailure(response, result.error);
}

function withoutDetail({ code, text, retry, issues }: Failure) {
  return { code, text, retry, issues };
}

function numberParam(url: URL, name: string): number | null {
  const text = url.searchParams.get(name);
  const value = text === null ? Number.NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? Math.floor(value) : null;
}
