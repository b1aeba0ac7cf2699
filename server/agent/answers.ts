/** Results as HTTP answers. nft's and the disk's own words (detail) never leave the process; they are in the log. */
import type { ServerResponse } from "node:http";
import type { Failure, FailureCode } from "../core/result.ts";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";

const statusOf: Record<FailureCode, number> = {
  invalid: 400,
  "not-allowed": 403,
  "not-found": 404,
  conflict: 409,
  "too-large": 413,
  unsupported: 422,
  "kernel-refused": 422,
  protocol: 426,
  busy: 429,
  storage: 503,
  "agent-down": 503,
  "outcome-unknown": 504,
};

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value), "utf8");
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.length,
    [protocolHeader]: String(protocolVersion),
  });
  response.end(body);
}

/** An answer that is large: made and sent in pieces, so that a change does not wait for it. */
export async function sendJsonPieces(
  response: ServerResponse,
  pieces: Iterable<string>,
  pause: () => Promise<void>,
): Promise<void> {
  response.writeHead(200, { "content-type": "application/json", [protocolHeader]: String(protocolVersion) });
  for (const piece of pieces) {
    if (response.destroyed) return;
    // a reader that is slower than we are must not make us hold it all
    if (!response.write(piece)) await writable(response);
    await pause();
  }
  response.end();
}

function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
  });
}

export function sendFailure(response: ServerResponse, failure: Failure): void {
  const { code, text, retry, issues } = failure;
  sendJson(response, statusOf[code], { error: { code, text, retry, issues } });
}

const lingerMs = 500;

/** After an answer that came before the body was read: take what is still on its way for a moment, then close. */
export function closeAfter(response: ServerResponse): void {
  const { req: request } = response;
  request.resume();
  setTimeout(() => request.socket.destroy(), lingerMs).unref();
}
