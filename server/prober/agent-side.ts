/** The prober's end of its socket: orders in (parsed by schema, one a line), results out. Reconnects as long as it lives. */
import net from "node:net";
import { parseJson } from "../core/json.ts";
import { type ProbeResult, type ProberOrder, proberOrderSchema } from "../wire/prober.ts";

export type AgentSide = {
  report(results: readonly ProbeResult[]): void;
  stop(): void;
};

export type AgentSideDeps = {
  readonly socketPath: string;
  readonly pid: number;
  readonly onOrder: (order: ProberOrder) => void;
  readonly log: (level: "info" | "warn", event: string, fields: Record<string, unknown>) => void;
};

const retryMs = 500;
const orderBytesMax = 64 * 1024 * 1024;
const backlogBytesMax = 1024 * 1024;

export function createAgentSide(deps: AgentSideDeps): AgentSide {
  let socket: net.Socket | null = null;
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;

  function connect(): void {
    const opened = net.connect({ path: deps.socketPath });
    opened.setEncoding("utf8");
    opened.on("connect", () => {
      socket = opened;
      deps.log("info", "agent-connected", {});
      opened.write(`${JSON.stringify({ type: "results", pid: deps.pid, results: [] })}\n`);
    });
    let rest = "";
    opened.on("data", (chunk: string) => {
      rest += chunk;
      if (rest.length > orderBytesMax) return opened.destroy();
      const end = rest.lastIndexOf("\n");
      if (end < 0) return;
      for (const line of rest.slice(0, end).split("\n")) readOrder(line);
      rest = rest.slice(end + 1);
    });
    opened.on("error", () => undefined);
    opened.on("close", () => {
      if (socket === opened) deps.log("warn", "agent-gone", {});
      socket = null;
      deps.onOrder({ type: "targets", targets: [] });
      if (!stopped) retry = setTimeout(connect, retryMs);
    });
  }

  function readOrder(line: string): void {
    const parsed = proberOrderSchema.safeParse(parseJson(line));
    if (parsed.success) deps.onOrder(parsed.data);
    else deps.log("warn", "order-not-understood", {});
  }

  connect();
  return {
    report(results) {
      if (socket === null || socket.writableLength > backlogBytesMax) return;
      socket.write(`${JSON.stringify({ type: "results", pid: deps.pid, results })}\n`);
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      socket?.destroy();
    },
  };
}
