/**
 * One TCP connect, timed by the socket's own event: from the call to "connect" (SYN, SYN-ACK, ACK). The connection is then reset, so
 * that a probe leaves no TIME_WAIT behind and never reaches the application as a request.
 */
import net from "node:net";
import type { ProbeResult } from "../wire/prober.ts";

export type Answer = Omit<ProbeResult, "key" | "at">;
export type ConnectTarget = { readonly address: string; readonly port: number; readonly timeoutMs: number };

export function connectTime({ address, port, timeoutMs }: ConnectTarget, done: (result: Answer) => void): void {
  const startedAt = process.hrtime.bigint();
  const socket = net.connect({ host: address, port, noDelay: true });
  const timer = setTimeout(() => finish(failed("timeout")), timeoutMs);
  let isDone = false;
  function finish(result: Answer): void {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
    done(result);
  }
  socket.once("connect", () => {
    const connectUs = Number((process.hrtime.bigint() - startedAt) / 1000n);
    finish({ connectUs, tookUs: connectUs, error: null, text: "", degraded: false });
  });
  socket.on("error", (error) => finish(failed(errorWord(error))));
}

function failed(error: Answer["error"]): Answer {
  return { connectUs: null, tookUs: null, error, text: "", degraded: false };
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
