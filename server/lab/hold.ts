/** Connections and UDP flows that stay open over a change, and what became of them. */
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { Asked, Place } from "./ask.ts";
import { sourceOf } from "./connect-many.ts";
import { readAnswer, readIdentity, requestText, streamPath } from "./http-text.ts";
import type { Held, HeldOrder, HoldOrder } from "./messages.ts";

type Line = {
  backend: string | null;
  error: string | null;
  isOpen: boolean;
  /** called with each answer, and with null when the connection ended */
  listener: (asked: Asked | null) => void;
  readonly ask: () => void;
  readonly stream: () => void;
  readonly close: () => void;
};

export class Holder {
  private readonly lines = new Map<number, Line>();
  private last = 0;

  async hold(order: HoldOrder): Promise<Held[]> {
    const ids = Array.from({ length: order.count }, (_, i) => {
      this.last += 1;
      const place = { ...order, source: sourceOf(order, i) };
      this.lines.set(this.last, order.protocol === "udp" ? openUdp(place) : openTcp(place));
      return this.last;
    });
    return Promise.all(ids.map((id) => this.question(id, order.timeoutMs)));
  }

  async held(order: HeldOrder): Promise<Held[]> {
    const one = {
      ask: (id: number) => this.question(id, order.timeoutMs),
      stream: (id: number) => this.stream(id),
      "await-end": (id: number) => this.end(id, order.timeoutMs),
      release: (id: number) => this.release(id),
    }[order.action];
    return Promise.all(order.ids.map(one));
  }

  private async question(id: number, timeoutMs: number): Promise<Held> {
    const line = this.lines.get(id);
    if (line === undefined || !line.isOpen) return this.state(id);
    const asked = await next(line, timeoutMs, () => line.ask());
    if (asked === "timeout") line.error = "timeout";
    else if (asked !== null) {
      line.backend = asked.answer?.backend ?? null;
      line.error = asked.error;
    }
    return this.state(id);
  }

  private stream(id: number): Promise<Held> {
    this.lines.get(id)?.stream();
    return Promise.resolve(this.state(id));
  }

  private async end(id: number, timeoutMs: number): Promise<Held> {
    const line = this.lines.get(id);
    if (line?.isOpen) await next(line, timeoutMs, () => undefined);
    return this.state(id);
  }

  private release(id: number): Promise<Held> {
    this.lines.get(id)?.close();
    const state = this.state(id);
    this.lines.delete(id);
    return Promise.resolve({ ...state, isOpen: false });
  }

  private state(id: number): Held {
    const line = this.lines.get(id);
    if (line === undefined) return { id, backend: null, isOpen: false, error: "no such connection" };
    return { id, backend: line.backend, isOpen: line.isOpen, error: line.error };
  }
}

function next(line: Line, timeoutMs: number, start: () => void): Promise<Asked | null | "timeout"> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve("timeout"), timeoutMs);
    line.listener = (asked) => {
      clearTimeout(timer);
      resolve(asked);
    };
    start();
  });
}

function openTcp(place: Place): Line {
  const socket = connect({
    host: place.address,
    port: place.port,
    ...(place.source === null ? {} : { localAddress: place.source }),
    allowHalfOpen: true,
  });
  let text = "";
  let isStreaming = false;
  const line: Line = {
    backend: null,
    error: null,
    isOpen: true,
    listener: () => undefined,
    ask: () => socket.write(requestText(place.address, place.port, false)),
    stream: () => {
      isStreaming = true;
      socket.write(requestText(place.address, place.port, false, streamPath));
    },
    close: () => socket.destroy(),
  };
  socket.setEncoding("utf8");
  // data and a reset that come together are told as data and an end: only who writes hears of the reset
  socket.on("end", () => socket.write("\r\n", (error) => void (error ?? socket.destroy())));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    line.error = error.code ?? "error";
  });
  socket.on("close", () => {
    line.isOpen = false;
    line.error ??= "closed";
    line.listener(null);
  });
  socket.on("data", (chunk: string) => {
    if (isStreaming) return;
    text += chunk;
    const read = readAnswer(text);
    if (read === null) return;
    text = read.rest;
    line.listener({ answer: read.answer, error: read.error });
  });
  return line;
}

function openUdp(place: Place): Line {
  const socket = createSocket(place.address.includes(":") ? "udp6" : "udp4");
  const line: Line = {
    backend: null,
    error: null,
    isOpen: true,
    listener: () => undefined,
    ask: () => socket.send("who", place.port, place.address),
    stream: () => undefined,
    close: () => socket.close(),
  };
  socket.on("message", (message) => line.listener(readIdentity(message.toString())));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    line.error = error.code ?? "error";
  });
  if (place.source !== null) socket.bind({ address: place.source });
  return line;
}
