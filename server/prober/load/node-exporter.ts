/** How busy a machine is, by Prometheus' node_exporter: two readings make a load, so the first answer has none. */
import type { LoadSource } from "../../core/farm/dynamic.ts";
import type { Done, Place } from "../attempt.ts";
import { createHttpReader, type Verdict } from "../checks/http-reader.ts";
import { requestText } from "../checks/http-request.ts";
import { openSocket } from "../checks/tcp.ts";
import { busyPct, type CpuSeconds, createCpuReader } from "./cpu-metrics.ts";

type NodeExporter = Extract<LoadSource, { type: "node-exporter" }>;
/** the last reading of each target; forgotten with the target */
export type LastReadings = WeakMap<object, CpuSeconds>;

const bodyBytesMax = 8 * 1024 * 1024;
const httpPort = 80;

export type LoadOf = { readonly source: NodeExporter; readonly target: object; readonly readings: LastReadings };

export function readNodeExporter({ source, target, readings }: LoadOf, place: Place, done: Done): void {
  const cpu = createCpuReader();
  const reader = createHttpReader({ isHead: false, bodyBytesMax, onBody: cpu.push });
  const { socket, attempt } = openSocket(place, done, () => {
    const request = { method: "GET", path: source.path, host: null, headers: [] } as const;
    socket.write(requestText(request, place.address, place.port, httpPort));
  });
  socket.on("data", (piece: Buffer) => {
    if (!attempt.isOver()) endBy(reader.push(piece));
  });
  socket.on("end", () => {
    if (!attempt.isOver()) endBy(reader.end());
  });

  function endBy(verdict: Verdict | null): void {
    if (verdict === null) return;
    const after = cpu.result();
    if (verdict.kind !== "answer") attempt.bad(verdict.kind, verdict.text);
    else if (verdict.status !== 200) attempt.bad("unhealthy", `status ${verdict.status}`);
    else if (after === null) attempt.bad("malformed", "no CPU seconds of node_exporter in the answer");
    else {
      const before = readings.get(target);
      readings.set(target, after);
      const loadPct = before === undefined ? null : busyPct(before, after);
      if (loadPct === null) attempt.good("first reading");
      else attempt.good(`CPU ${Math.round(loadPct)} %`, { loadPct });
    }
  }
}
