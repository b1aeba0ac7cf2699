/**
 * One TCP connect, timed by the socket's own event: from the call to "connect" (SYN, SYN-ACK, ACK). The connection is then reset, so
 * that a probe leaves no TIME_WAIT behind and never reaches the application as a request.
 */
import net from "node:net";
import { type Attempt, beginAttempt, type Done, failBySocket, type Place } from "../attempt.ts";

export function checkTcp(place: Place, done: Done): void {
  const { attempt } = openSocket(place, done, () => attempt.good());
}

export type Opened = {
  readonly socket: net.Socket;
  readonly attempt: Attempt;
  /** what speaks over the socket and may be closing it: TLS, a session of HTTP/2 */
  readonly over: Closing[];
};
type Closing = { readonly destroyed: boolean; readonly closed: boolean; readonly writableEnded?: boolean };

/** A connection that is reset when its attempt is over, however it ends. */
export function openSocket({ address, port, timeoutMs }: Place, done: Done, onConnect: () => void): Opened {
  // half open: it is ours to say when it ends
  const socket = net.connect({ host: address, port, noDelay: true, allowHalfOpen: true });
  const attempt = beginAttempt(timeoutMs, done, { free: () => resetSocket(opened) });
  const opened: Opened = { socket, attempt, over: [] };
  socket.once("connect", () => {
    if (attempt.isOver()) return;
    attempt.connected();
    onConnect();
  });
  socket.on("error", (error) => failBySocket(attempt, error));
  return opened;
}

/** A socket that has begun to close in order cannot be reset any more: libuv refuses, and Node would keep it for ever. */
function resetSocket({ socket, over }: Opened): void {
  const isClosing = [socket, ...over].some((each) => each.destroyed || each.closed || each.writableEnded === true);
  if (!socket.connecting && !isClosing) socket.resetAndDestroy();
  // resetting alone would wait for what is still to be written
  socket.destroy();
}
