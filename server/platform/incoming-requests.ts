/**
 * What is done to a request before Next sees it. Next hands routes only headers, and a client may write any header: so the socket's
 * own address is put into one of ours, over whatever was sent, for the counting of wrong passwords. And the short answers of
 * server actions are not compressed: setting a compressor up costs 2 to 3 ms of CPU, more than the change itself.
 */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

export const peerHeader = "x-sluice-peer";

/** Behind a TLS proxy the socket is always the proxy's; then the last entry the proxy added to X-Forwarded-For is taken. */
export function watchIncomingRequests(isBehindProxy: boolean): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const { headers } = request;
    const forwarded =
      String(headers["x-forwarded-for"] ?? "")
        .split(",")
        .at(-1)
        ?.trim() ?? "";
    headers[peerHeader] = isBehindProxy && forwarded !== "" ? forwarded : (request.socket.remoteAddress ?? "unknown");
    if (headers["next-action"] !== undefined) delete headers["accept-encoding"];
  });
}
