/**
 * Follows the agent's stream for as long as web lives: one connection, reconnected with growing waits. Silence of two seconds is a
 * loss: the agent speaks each second, so a hung agent is noticed as soon as a dead one. Times in milliseconds.
 */
import type { AgentLink } from "../agent-link/agent-link.ts";
import type { Failure } from "../core/result.ts";
import { protocolVersion } from "../wire/agent.ts";
import type { StreamMessage } from "../wire/stream.ts";
import type { Hub } from "./hub.ts";

export type FollowDeps = {
  readonly link: Pick<AgentLink, "stream" | "status">;
  readonly hub: Hub;
  readonly nowMs: () => number;
  /** calls back once after that time; answers how to forget it */
  readonly after: (ms: number, call: () => void) => () => void;
  /** everything that arrives, after the hub has seen it */
  readonly onMessage: (message: StreamMessage) => void;
  /** an agent that answered before does so no more */
  readonly onLost: (text: string) => void;
};

export const silenceMs = 2000;
const statusEveryMs = 3000;
const waitsMs = [100, 250, 500, 1000, 1000];

/** Resolves when the signal aborts. */
export async function follow(deps: FollowDeps, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    const { hasSpoken, problem } = await oneStream(deps, signal);
    if (signal.aborted) return;
    const text = problem?.text ?? "The agent closed the connection";
    if (problem?.code === "protocol") deps.hub.refuseProtocol(text);
    else deps.hub.lose(text);
    if (hasSpoken) deps.onLost(text);
    failures = hasSpoken ? 0 : failures + 1;
    await wait(deps, waitsMs[Math.min(failures, waitsMs.length - 1)] ?? 1000, signal);
  }
}

type Ended = { readonly hasSpoken: boolean; readonly problem: Failure | null };

async function oneStream(deps: FollowDeps, signal: AbortSignal): Promise<Ended> {
  const here = new AbortController();
  const end = () => here.abort();
  signal.addEventListener("abort", end, { once: true });
  let problem: Failure | null = null;
  let hasSpoken = false;
  const silence = () => {
    problem = { code: "agent-down", text: "The agent went silent", retry: true };
    end();
  };
  let forget = deps.after(silenceMs, silence);
  const stopAsking = askStatus(deps, here.signal);
  const ended = await deps.link.stream((message) => {
    if (here.signal.aborted) return;
    forget();
    forget = deps.after(silenceMs, silence);
    if (message.type === "hello" && message.protocol !== protocolVersion) {
      problem = foreignProtocol(message.protocol);
      return end();
    }
    if (message.type === "hello") hasSpoken = true;
    if (!hasSpoken) return;
    deps.hub.receive(message, deps.nowMs());
    deps.onMessage(message);
  }, here.signal);
  forget();
  stopAsking();
  signal.removeEventListener("abort", end);
  return { hasSpoken, problem: problem ?? (ended.ok ? null : ended.error) };
}

/** What the stream does not repeat (sync, processes) is asked for between whiles. */
function askStatus(deps: FollowDeps, signal: AbortSignal): () => void {
  let forget = () => {};
  const ask = async () => {
    const answer = await deps.link.status();
    if (signal.aborted) return;
    if (answer.ok && deps.hub.agent().state === "answering") deps.hub.status(answer.value, deps.nowMs());
    forget = deps.after(statusEveryMs, ask);
  };
  forget = deps.after(statusEveryMs, ask);
  return () => forget();
}

function foreignProtocol(theirs: number): Failure {
  const text = `The agent speaks protocol ${theirs}, this web process ${protocolVersion}: restart the older of the two`;
  return { code: "protocol", text, retry: false };
}

function wait(deps: FollowDeps, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const forget = deps.after(ms, done);
    function done() {
      forget();
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
}
