/** The lab's control socket: HTTP with JSON bodies, for the lab's owner only (mode 0600). */
import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Lab } from "./lab.ts";
import {
  connectSchema,
  execSchema,
  heldSchema,
  holdSchema,
  processActionSchema,
  setBackendSchema,
  trafficSchema,
} from "./messages.ts";

const bodyMax = 1_000_000;

type Routes = Readonly<Record<string, (body: unknown) => Promise<unknown>>>;

export function serveControl(lab: Lab, socketPath: string): Promise<Server> {
  const routes = routesOf(lab);
  const server = createServer((request, response) => void respond(routes, request, response));
  server.requestTimeout = 0;
  rmSync(socketPath, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => {
      chmodSync(socketPath, 0o600);
      resolve(server);
    });
  });
}

function routesOf(lab: Lab): Routes {
  return {
    status: () => lab.status(),
    exec: (body) => lab.exec(execSchema.parse(body)),
    backend: (body) => {
      const { name, behaviour } = setBackendSchema.parse(body);
      return lab.setBackend(name, behaviour);
    },
    traffic: async (body) => lab.setTraffic(trafficSchema.parse(body).isOn),
    process: (body) => lab.process(processActionSchema.parse(body)),
    connect: async (body) => {
      const order = connectSchema.parse(body);
      return (await lab.clientsIn(order.from)).order("connect", order);
    },
    hold: async (body) => {
      const order = holdSchema.parse(body);
      return (await lab.clientsIn(order.from)).order("hold", order);
    },
    held: async (body) => {
      const order = heldSchema.parse(body);
      return (await lab.clientsIn(order.from)).order("held", order);
    },
  };
}

async function respond(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await handle(routes, request).catch((error: unknown) => ({
    status: error instanceof Error && "issues" in error ? 400 : 500,
    body: { error: error instanceof Error ? error.message : String(error) },
  }));
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body ?? null));
}

async function handle(routes: Routes, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const route = routes[(request.url ?? "/").slice(1)];
  if (route === undefined) return { status: 404, body: { error: "no such order" } };
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > bodyMax) return { status: 413, body: { error: "too large" } };
  }
  return { status: 200, body: await route(text === "" ? {} : JSON.parse(text)) };
}
