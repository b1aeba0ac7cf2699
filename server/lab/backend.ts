/**
 * A backend of the lab: a real HTTP and UDP server that says who it is, counts what it gets, and changes its latency, errors and
 * health while it runs (orders over IPC). One process in one namespace.
 */
import { createSocket } from "node:dgram";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { streamPath } from "./http-text.ts";
import { answerOrders } from "./ipc.ts";
import { type BackendCounters, type Behaviour, type BehaviourChange, behaviourSchema } from "./messages.ts";

const httpPorts = [80, 443, 8080];
const streamEveryMs = 50;
const udpPorts = [53, 5353];

type State = {
  readonly name: string;
  behaviour: Behaviour;
  counters: { -readonly [K in keyof BackendCounters]: BackendCounters[K] };
  byHost: Record<string, number>;
  readonly sockets: Set<Socket>;
  servers: Server[];
};

export async function runBackend(name: string): Promise<void> {
  const state: State = {
    name,
    behaviour: { latencyMs: 0, errorPct: 0, isHealthy: true, isListening: true, isResetting: false },
    counters: { connections: 0, requests: 0, datagrams: 0, open: 0, resets: 0, byHost: {} },
    byHost: {},
    sockets: new Set(),
    servers: [],
  };
  await listenHttp(state);
  for (const port of udpPorts) listenUdp(state, port);
  answerOrders({
    counters: () => Promise.resolve(countersOf(state)),
    behaviour: (change) => changeBehaviour(state, behaviourSchema.parse(change)),
  });
}

function countersOf(state: State): BackendCounters {
  return { ...state.counters, open: state.sockets.size, byHost: { ...state.byHost } };
}

async function changeBehaviour(state: State, change: BehaviourChange): Promise<Behaviour> {
  const wasListening = state.behaviour.isListening;
  state.behaviour = { ...state.behaviour, ...change };
  if (wasListening && !state.behaviour.isListening) {
    for (const server of state.servers) server.close();
    state.servers = [];
  }
  if (!wasListening && state.behaviour.isListening) await listenHttp(state);
  return state.behaviour;
}

async function listenHttp(state: State): Promise<void> {
  const servers = httpPorts.map((port) => {
    const server = createServer((request, response) => answerHttp(state, request, response));
    server.keepAliveTimeout = 600_000;
    server.on("connection", (socket) => track(state, socket));
    return new Promise<Server>((resolve) => {
      server.listen({ port, host: "::" }, 4096, () => resolve(server));
    });
  });
  state.servers = await Promise.all(servers);
}

const served = new WeakSet<Socket>();

function track(state: State, socket: Socket): void {
  state.counters.connections += 1;
  state.sockets.add(socket);
  socket.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ECONNRESET" && served.has(socket)) state.counters.resets += 1;
  });
  socket.on("close", () => state.sockets.delete(socket));
}

function answerHttp(state: State, request: IncomingMessage, response: ServerResponse): void {
  served.add(request.socket);
  const isHealthPage = request.url === "/health";
  if (state.behaviour.isResetting && !isHealthPage) {
    request.socket.resetAndDestroy();
    return;
  }
  if (!isHealthPage) {
    state.counters.requests += 1;
    const host = request.headers.host ?? "none";
    state.byHost[host] = (state.byHost[host] ?? 0) + 1;
  }
  if (request.url === streamPath) {
    streamForever(response);
    return;
  }
  const send = () => {
    const isError = isHealthPage ? !state.behaviour.isHealthy : isUnlucky(state);
    response.statusCode = isError ? 503 : 200;
    const body = `${identity(state, request.socket.remoteAddress, request.socket.localPort)}\n`;
    response.setHeader("content-type", "application/json");
    response.setHeader("content-length", body.length);
    response.end(body);
  };
  if (state.behaviour.latencyMs > 0) setTimeout(send, state.behaviour.latencyMs);
  else send();
}

function streamForever(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/plain" });
  const timer = setInterval(() => response.write("and so on\n"), streamEveryMs);
  response.on("close", () => clearInterval(timer));
}

function listenUdp(state: State, port: number): void {
  const socket = createSocket({ type: "udp6" });
  socket.on("message", (_, peer) => {
    state.counters.datagrams += 1;
    if (isUnlucky(state) || !state.behaviour.isListening) return;
    const answer = () => socket.send(identity(state, peer.address, port), peer.port, peer.address);
    if (state.behaviour.latencyMs > 0) setTimeout(answer, state.behaviour.latencyMs);
    else answer();
  });
  socket.bind(port, "::");
}

function identity(state: State, client: string | undefined, port: number | undefined): string {
  return JSON.stringify({
    backend: state.name,
    client: client?.replace(/^::ffff:/, "") ?? "",
    port: port ?? 0,
    requests: state.counters.requests,
  });
}

function isUnlucky(state: State): boolean {
  return Math.random() * 100 < state.behaviour.errorPct;
}
