/** gRPC's own health service (grpc.health.v1), over HTTP/2 with or without TLS. A certificate is not verified here: a tls check does that. */
import http2 from "node:http2";
import type { HealthCheck } from "../../core/farm/health-check.ts";
import { type Attempt, type Done, failBySocket, type Place } from "../attempt.ts";
import { grpcAnswerBytesMax, healthRequest, readHealthAnswer, servingStatuses } from "./grpc-message.ts";
import { type Opened, openSocket } from "./tcp.ts";
import { type Authorities, openTls } from "./tls.ts";

export type GrpcCheck = Extract<HealthCheck, { type: "grpc" }>;

const path = "/grpc.health.v1.Health/Check";
/** bounds on what a hostile backend may make us hold */
const bounds = { maxSessionMemory: 1, maxHeaderListPairs: 64, maxSettings: 32, maxSessionInvalidFrames: 8 } as const;

/** codes of gRPC that say more than "it failed" */
const grpcCodes: Readonly<Record<number, string>> = {
  4: "DEADLINE_EXCEEDED",
  5: "the service is not known there",
  7: "PERMISSION_DENIED",
  8: "RESOURCE_EXHAUSTED",
  12: "it has no health service",
  13: "INTERNAL",
  14: "UNAVAILABLE",
  16: "UNAUTHENTICATED",
};

export function checkGrpc(check: GrpcCheck, place: Place, authorities: Authorities, done: Done): void {
  if (!check.tls) {
    const opened = openSocket(place, done, () => ask(check, place, opened));
    return;
  }
  const asked = { serverName: null, warnDays: 0, verify: false };
  openTls({ asked, place, authorities, protocols: ["h2"], done }, ({ stream, attempt, over }) => {
    if (stream.alpnProtocol !== "h2") attempt.bad("malformed", "it does not speak HTTP/2");
    else ask(check, place, { socket: stream, attempt, over });
  });
}

function ask(check: GrpcCheck, { address, port, timeoutMs }: Place, { socket, attempt, over }: Opened): void {
  const scheme = check.tls ? "https" : "http";
  const authority = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  const session = http2.connect(`${scheme}://${authority}`, {
    createConnection: () => socket,
    settings: { enablePush: false },
    ...bounds,
  });
  over.push(session);
  session.on("error", (error) => failByHttp2(attempt, error));
  const closed = () => setImmediate(() => attempt.bad("closed", "closed before its answer"));
  session.once("close", closed);
  // half open, so the session goes on
  socket.once("end", closed);
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    "grpc-timeout": `${timeoutMs}m`,
    te: "trailers",
    "user-agent": "sluice-check",
  });
  stream.on("error", (error) => failByHttp2(attempt, error));
  readAnswer(stream, attempt);
  stream.end(healthRequest(check.service));
}

function readAnswer(stream: http2.ClientHttp2Stream, attempt: Attempt): void {
  let body = Buffer.alloc(0);
  let code: number | null = null;
  stream.on("response", (headers) => {
    if (attempt.isOver()) return;
    code = grpcCode(headers);
    if (headers[":status"] !== 200) attempt.bad("unhealthy", `HTTP status ${Number(headers[":status"])}`);
    else if (!String(headers["content-type"]).startsWith("application/grpc"))
      attempt.bad("malformed", "the answer is not gRPC");
  });
  stream.on("data", (piece: Buffer) => {
    if (attempt.isOver()) return;
    body = Buffer.concat([body, piece]);
    if (body.length > grpcAnswerBytesMax) attempt.bad("malformed", "the answer is too long");
  });
  stream.on("trailers", (headers) => {
    code = grpcCode(headers);
  });
  stream.on("end", () => {
    if (!attempt.isOver()) judge(attempt, code, body);
  });
}

function judge(attempt: Attempt, code: number | null, body: Buffer): void {
  const status = readHealthAnswer(body);
  const word = status === null ? undefined : servingStatuses[status];
  if (code === null) attempt.bad("closed", "the answer ended without a status");
  else if (code !== 0) attempt.bad("unhealthy", grpcCodes[code] ?? `gRPC code ${code}`);
  else if (word === undefined) attempt.bad("malformed", "the answer is not of the health service");
  else if (word === "SERVING") attempt.good(word);
  else attempt.bad("unhealthy", word);
}

function grpcCode(headers: http2.IncomingHttpHeaders): number | null {
  const text = String(headers["grpc-status"] ?? "");
  return /^[0-9]{1,3}$/.test(text) ? Number(text) : null;
}

function failByHttp2(attempt: Attempt, error: Error): void {
  const code = "code" in error ? String(error.code) : "";
  // not from within: the session is closing the socket at this moment, and one that is reset meanwhile would never be freed
  setImmediate(() => {
    if (code.startsWith("ERR_HTTP2")) attempt.bad("malformed", "the answer is not HTTP/2");
    else failBySocket(attempt, error);
  });
}
