/** Tracked flows counted and forgotten by the tool of that name: where there is no koffi (conntrack-socket.ts). A process for each sort of them. */
import { createCounter } from "./conntrack.ts";
import type { FlowChoice, TrackedFlows } from "./flow-choice.ts";
import type { RunProcess } from "./run-process.ts";

const timeoutMs = 10_000;
const outputBytesMax = 64e6;

export function flowsByCommand(run: RunProcess, tag: number): TrackedFlows {
  return {
    async countOpen(choice) {
      let open = 0;
      for (const args of sorts(choice)) {
        const counter = createCounter(tag);
        const result = await run("conntrack", ["-L", ...args], { timeoutMs, onStdout: counter.piece });
        if (result.status !== "ok") return null;
        for (const count of counter.done().active.values()) open += count;
      }
      return open;
    },
    async forget(choice) {
      let deleted: number | null = 0;
      for (const args of sorts(choice)) {
        const result = await run("conntrack", ["-D", ...args], { timeoutMs, outputBytesMax });
        const some = deletedCount(result.code, result.stderr);
        deleted = deleted === null || some === null ? null : deleted + some;
      }
      return deleted;
    },
    close: () => undefined,
  };
}

/** Exit 1 with "0 flow entries have been deleted" is no error. */
export function deletedCount(code: number | null, stderr: string): number | null {
  const found = /([0-9]+) flow entries have been deleted/.exec(stderr);
  if (found?.[1] !== undefined) return Number(found[1]);
  return code === 0 ? 0 : null;
}

/** The tool takes one protocol and one state at a time. */
function sorts({ mark, mask, protocols, states, destination }: FlowChoice): string[][] {
  const marked = ["-m", `${hex(mark)}/${hex(mask)}`];
  return (protocols ?? [null]).flatMap((protocol) =>
    (states ?? [null]).map((state) => [
      ...(destination === null ? [] : destinationArgs(destination.address)),
      ...marked,
      ...(protocol === null ? [] : ["-p", protocol]),
      ...(state === null ? [] : ["--state", state]),
      ...(destination === null || destination.port === null ? [] : ["--orig-port-dst", String(destination.port)]),
    ]),
  );
}

function destinationArgs(address: string): string[] {
  return ["-f", address.includes(":") ? "ipv6" : "ipv4", "--orig-dst", address];
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
