/**
 * One TCP connect, timed by the socket's own event: from the call to "connect" (SYN, SYN-ACK, ACK). The connection is then reset, so
 * that a probe leaves no TIME_WAIT behind and never reaches the application as a request.
 */
import net from "node:net";
import type { ProbeResult, ProbeTarget } from "../wire/prober.ts";

export type ConnectResult = Pick<ProbeResult, "connectUs" | "error">;

export function connectTime(target: ProbeTarget, done: (result: ConnectResult) => void): void {
  const startedAt = process.hrtime.bigint();
  const socket = net.connect({ host: target.address, port: target.port, noDelay: true });
  const timer = setTimeout(() => finish({ connectUs: null, error: "timeout" }), target.timeoutMs);
  let isDone = false;
  function finish(result: ConnectResult): void {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
    done(result);
  }
  socket.once("connect", () => {
    finish({ connectUs: Number((process.hrtime.bigint() - startedAt) / 1000n), error: null });
  });
  socket.on("error", (error) => finish({ connectUs: null, error: errorWord(error) }));
}

/** The closed list of reasons that the agent shows in words. */
function errorWord(error: Error): NonNullable<ProbeResult["error"]> {
  const code = "code" in error ? error.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
      return "refused";
    case "ETIMEDOUT":
      return "timeout";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
      return "unreachable";
    case "ECONNRESET":
      return "reset";
    default:
      return "other";
  }
}
