/** One question to a backend through a VIP: connect, ask, read the answer, close. Errors are values (the errno's name). */
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { type Answer, readAnswer, readIdentity, requestText } from "./http-text.ts";

export type Place = {
  readonly address: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly source: string | null;
  readonly timeoutMs: number;
};
export type Asked = { readonly answer: Answer | null; readonly error: string | null };

export function askOnce(place: Place): Promise<Asked> {
  return place.protocol === "udp" ? askUdp(place) : askTcp(place);
}

function askTcp(place: Place): Promise<Asked> {
  return new Promise((resolve) => {
    const socket = connect({
      host: place.address,
      port: place.port,
      ...(place.source === null ? {} : { localAddress: place.source }),
    });
    let text = "";
    const finish = (asked: Asked) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(asked);
    };
    const timer = setTimeout(() => finish({ answer: null, error: "timeout" }), place.timeoutMs);
    socket.setEncoding("utf8");
    socket.on("connect", () => socket.write(requestText(place.address, place.port, true)));
    socket.on("error", (error: NodeJS.ErrnoException) => finish({ answer: null, error: error.code ?? "error" }));
    socket.on("close", () => finish({ answer: null, error: "closed" }));
    socket.on("data", (chunk: string) => {
      text += chunk;
      const read = readAnswer(text);
      if (read !== null) finish({ answer: read.answer, error: read.error });
    });
  });
}

function askUdp(place: Place): Promise<Asked> {
  return new Promise((resolve) => {
    const socket = createSocket(place.address.includes(":") ? "udp6" : "udp4");
    const finish = (asked: Asked) => {
      clearTimeout(timer);
      socket.close();
      resolve(asked);
    };
    const timer = setTimeout(() => finish({ answer: null, error: "timeout" }), place.timeoutMs);
    socket.once("error", (error: NodeJS.ErrnoException) => finish({ answer: null, error: error.code ?? "error" }));
    socket.once("message", (message) => finish(readIdentity(message.toString())));
    socket.bind({ ...(place.source === null ? {} : { address: place.source }) }, () => {
      socket.connect(place.port, place.address, () => socket.send("who"));
    });
  });
}
