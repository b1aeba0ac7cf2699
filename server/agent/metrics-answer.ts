/**
 * Answers `GET /metrics`: on the agent's socket for its callers, and on an address of this machine itself when the host's configuration
 * names one. Sent in pieces with a pause between, so that neither a change nor a tick waits for it; a reader that does not read is waited
 * for, not buffered.
 */
import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { expositionType } from "../core/metrics/exposition.ts";

export type MetricsAnswer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

const scrapesMax = 4;
const stuckMs = 10_000;
const workMsMax = 1;

/** `pause` is taken whenever the work since the last one took `workMsMax`. */
export function createMetricsAnswer(
  pieces: () => Iterable<string>,
  pause: () => Promise<void>,
  monotonicMs: () => number,
): MetricsAnswer {
  let scrapes = 0;
  return async (_request, response) => {
    if (scrapes >= scrapesMax) return sendText(response, 503, "Too many scrapes at once\n");
    scrapes += 1;
    response.setTimeout(stuckMs, () => response.destroy());
    try {
      response.writeHead(200, { "content-type": expositionType });
      let pausedMs = monotonicMs();
      for (const piece of pieces()) {
        if (response.destroyed) return;
        const isTaken = response.write(piece);
        if (isTaken && monotonicMs() - pausedMs < workMsMax) continue;
        if (!isTaken) await drained(response);
        await pause();
        pausedMs = monotonicMs();
      }
      response.end();
    } finally {
      scrapes -= 1;
    }
  };
}

/** Goes on as well when the reader is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]).catch(() => undefined);
  stop.abort();
}

type MetricsServing = { readonly problem: string | null; close(): void };

/** Nobody is asked who they are: the address is one of this machine only (parsed so), and there is nothing but this page. */
export async function serveMetrics(address: string, answer: MetricsAnswer): Promise<MetricsServing> {
  const { hostname, port } = new URL(`http://${address}`);
  const server = http.createServer({ maxHeaderSize: 16 * 1024, requestTimeout: 10_000 }, (request, response) => {
    if (!isLocalName(request.headers.host)) return sendText(response, 421, "Ask by the address of this machine\n");
    if (request.url?.split("?")[0] !== "/metrics") return sendText(response, 404, "There is only /metrics\n");
    if (request.method !== "GET") return sendText(response, 405, "Only GET\n");
    answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = 16;
  const problem = await new Promise<string | null>((resolve) => {
    server.once("error", (error) => resolve(String(error)));
    // the port is empty when it is the usual one of http
    server.listen(Number(port === "" ? 80 : port), hostname.replace(/^\[|\]$/g, ""), () => resolve(null));
  });
  server.on("error", () => undefined);
  return {
    problem,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A page of the web that a browser on this machine shows comes with a name of its own. */
function isLocalName(host: string | undefined): boolean {
  return host !== undefined && /^(127\.[0-9.]+|\[::1\]|localhost)(:[0-9]+)?$/.test(host);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(text);
}
