/**
 * The address a request came from, for the counting of wrong passwords. Next hands routes only headers, and a client may write any
 * header: so the socket's own address is put into one of ours before Next sees the request, over whatever was sent.
 */
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

export const peerHeader = "x-sluice-peer";

/** Behind a TLS proxy the socket is always the proxy's; then the last entry the proxy added to X-Forwarded-For is taken. */
export function trackPeerAddress(isBehindProxy: boolean): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const forwarded =
      String(request.headers["x-forwarded-for"] ?? "")
        .split(",")
        .at(-1)
        ?.trim() ?? "";
    const socket = request.socket.remoteAddress ?? "unknown";
    request.headers[peerHeader] = isBehindProxy && forwarded !== "" ? forwarded : socket;
  });
}
