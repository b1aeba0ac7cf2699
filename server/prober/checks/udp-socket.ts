/** One datagram out and what comes back from its peer. A connected socket hears "port unreachable" and nobody else. */
import dgram from "node:dgram";
import net from "node:net";
import { type Attempt, beginAttempt, type Done, failBySocket, type Place } from "../attempt.ts";

export type Question = {
  readonly payload: Buffer;
  readonly onAnswer: (answer: Buffer, attempt: Attempt) => void;
  /** nothing came that ended the attempt */
  readonly onSilence?: (attempt: Attempt) => void;
};

/** A peer that floods is read no further than this. */
const answersMax = 100;

export function askDatagram(place: Place, { payload, onAnswer, onSilence }: Question, done: Done): void {
  const socket = dgram.createSocket(net.isIPv6(place.address) ? "udp6" : "udp4");
  let answers = 0;
  const attempt: Attempt = beginAttempt(place.timeoutMs, done, {
    free: () => socket.close(),
    onDeadline: () => {
      if (onSilence !== undefined) onSilence(attempt);
      else attempt.bad("timeout", `no answer within ${place.timeoutMs} ms`);
    },
  });
  socket.on("error", (error) => failBySocket(attempt, error));
  socket.on("message", (answer) => {
    if (attempt.isOver()) return;
    answers += 1;
    if (answers > answersMax) attempt.bad("malformed", "too many answers");
    else onAnswer(answer, attempt);
  });
  socket.connect(place.port, place.address, (error?: Error) => {
    if (attempt.isOver()) return;
    if (error !== undefined) failBySocket(attempt, error);
    else
      socket.send(payload, (failure) => {
        if (failure !== null && failure !== undefined) failBySocket(attempt, failure);
      });
  });
}
