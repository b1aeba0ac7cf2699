/** The one request a check sends. Connections are not kept: the next check must see the backend accept again. */
import net from "node:net";

export type HttpRequest = {
  readonly method: "GET" | "HEAD" | "OPTIONS";
  readonly path: string;
  readonly host: string | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
};

/** how a message is framed is ours to say */
const ownHeaders = new Set(["connection", "content-length", "transfer-encoding", "upgrade", "expect", "te", "trailer"]);

export function requestText(request: HttpRequest, address: string, port: number, defaultPort: number): string {
  const named = request.headers.filter(({ name }) => !ownHeaders.has(name.toLowerCase()));
  const has = (wanted: string) => named.some(({ name }) => name.toLowerCase() === wanted);
  const lines = [`${request.method} ${request.path} HTTP/1.1`];
  if (!has("host")) lines.push(`Host: ${request.host ?? hostOf(address, port, defaultPort)}`);
  if (!has("user-agent")) lines.push("User-Agent: sluice-check");
  if (!has("accept")) lines.push("Accept: */*");
  if (!has("accept-encoding")) lines.push("Accept-Encoding: identity");
  for (const { name, value } of named) lines.push(`${name}: ${value.trim()}`);
  lines.push("Connection: close", "", "");
  return lines.join("\r\n");
}

function hostOf(address: string, port: number, defaultPort: number): string {
  const host = net.isIPv6(address) ? `[${address}]` : address;
  return port === defaultPort ? host : `${host}:${port}`;
}
