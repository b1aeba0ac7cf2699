/** A real HTTP receiver for tests: what came, in order, and an answer that the test decides. */

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };
type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly text?: string };

export type Receiver = {
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  close(): Promise<void>;
};

/** `answer` null: the connection breaks off without one. `port` 0: any free one. */
export async function openReceiver(
  answer: (received: Received) => Answer | null | Promise<Answer | null> = () => ({ status: 204 }),
  port = 0,
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => {
      body += String(text);
    });
    request.on("end", async () => {
      const one = { headers: request.headers, body };
      received.push(one);
      const said = await answer(one);
      if (said === null) request.socket.destroy();
      else response.writeHead(said.status, said.headers).end(said.text ?? "");
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}/hook/secret-path`,
    port: own,
    received,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
