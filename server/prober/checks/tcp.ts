/**
 * One TCP connect, timed by the socket's own event: from the call to "connect" (SYN, SYN-ACK, ACK). The connection is then reset, so
 * that a probe leaves no TIME_WAIT behind and never reaches the application as a request.
 */
import net from "node:net";
import { type Attempt, beginAttempt, type Done, failBySocket, type Place } from "../attempt.ts";

export function checkTcp(place: Place, done: Done): void {
  const { attempt } = openSocket(place, done, () => attempt.good());
}

export type Opened = { readonly socket: net.Socket; readonly attempt: Attempt };

/** A connection that is reset when its attempt is over, however it ends. */
export function openSocket({ address, port, timeoutMs }: Place, done: Done, onConnect: () => void): Opened {
  const socket = net.connect({ host: address, port, noDelay: true });
  const attempt = beginAttempt(timeoutMs, done, {
    free: () => {
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    },
  });
  socket.once("connect", () => {
    if (attempt.isOver()) return;
    attempt.connected();
    onConnect();
  });
  socket.on("error", (error) => failBySocket(attempt, error));
  return { socket, attempt };
}
