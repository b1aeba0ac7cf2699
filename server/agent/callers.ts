/**
 * Who may talk to the agent. The peer's uid is read from the socket before a byte of the request is; a stranger gets one sentence
 * with the uid that was seen. Without SO_PEERCRED the socket's mode (0660) is the barrier and the uid is not known.
 */
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import type http from "node:http";
import net from "node:net";
import { dirname } from "node:path";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";

/** uid 65534 is what a user namespace shows for everybody it does not know: it never gets in. */
const unknownUid = 65_534;
/** of one uid: whoever is broken into, or not let in at all, keeps nobody else out */
const connectionsMax = 256;
const strangersMax = 32;
const refusalMs = 1000;

export type Callers = {
  /** null = peer credentials cannot be read here */
  readonly peerUid: ((fd: number) => number | null) | null;
  readonly allowed: ReadonlySet<number>;
};

export function allowedUids(configured: readonly number[], ownUid: number): ReadonlySet<number> {
  return new Set([0, ownUid, ...configured].filter((uid) => uid !== unknownUid));
}

const uidOf = new WeakMap<net.Socket, number>();

/** uid of the process at the other end; null when it cannot be known. */
export function callerUid(socket: net.Socket): number | null {
  return uidOf.get(socket) ?? null;
}

export type Serving = { readonly server: net.Server; close(): void };

/** Listens on `path` and hands allowed connections to `web`. Directory 0755, socket 0666 (0660 without peer credentials). */
export async function serveCallers(path: string, web: http.Server, callers: Callers): Promise<Serving> {
  await prepareSocketPath(path);
  const open: Places = new Map();
  const server = net.createServer((socket) => {
    const seen = admit(socket, callers);
    const who = seen === true ? callerUid(socket) : "stranger";
    if (!takePlace(open, who, socket)) socket.destroy();
    else if (seen === true) web.emit("connection", socket);
    else refuse(socket, seen);
  });
  await listen(server, path);
  chmodSync(path, callers.peerUid === null ? 0o660 : 0o666);
  return {
    server,
    close: () => {
      server.close();
      web.closeAllConnections();
    },
  };
}

/** A socket file that a dead process left behind is removed; one that answers belongs to a living agent, and two never run. */
export async function prepareSocketPath(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  if (await answers(path)) throw new Error(`another agent serves ${path}`);
  rmSync(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect({ path }, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on("error", () => resolve(false));
  });
}

export function listen(server: net.Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** connections by uid; null = of somebody whose uid cannot be read, but who may */
type Places = Map<number | null | "stranger", number>;

/** false: whoever it is has as many as they may. The place is free again when the socket closes. */
function takePlace(open: Places, who: number | null | "stranger", socket: net.Socket): boolean {
  const count = open.get(who) ?? 0;
  if (count >= (who === "stranger" ? strangersMax : connectionsMax)) return false;
  open.set(who, count + 1);
  socket.once("close", () => open.set(who, (open.get(who) ?? 1) - 1));
  return true;
}

function admit(socket: net.Socket, callers: Callers): true | number | null {
  if (callers.peerUid === null) return true;
  const fd = descriptorOf(socket);
  const uid = fd === null ? null : callers.peerUid(fd);
  if (uid === null || !callers.allowed.has(uid)) return uid;
  uidOf.set(socket, uid);
  return true;
}

/** Node has no public name for the descriptor of a socket (its version is pinned in package.json for this). */
function descriptorOf(socket: net.Socket): number | null {
  const handle: unknown = Reflect.get(socket, "_handle");
  const fd: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : null;
  return typeof fd === "number" && fd >= 0 ? fd : null;
}

function refuse(socket: net.Socket, uid: number | null): void {
  const seen = uid === null ? "a caller whose uid cannot be read" : `uid ${uid}`;
  const error = { code: "not-allowed", text: `not allowed: the agent does not serve ${seen}`, retry: false };
  const body = JSON.stringify({ error });
  socket.on("error", () => undefined);
  // whatever is still sent
  const timer = setTimeout(() => socket.destroy(), refusalMs);
  socket.once("close", () => clearTimeout(timer));
  socket.end(
    `HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\n${protocolHeader}: ${protocolVersion}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  socket.resume();
}
