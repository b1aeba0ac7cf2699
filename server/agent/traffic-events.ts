/**
 * Hears the kernel's events of opened connections and feeds them to what measures: every 20 ms or so, never waiting, and no more of them than
 * one round may read. Under a high rate one connection of 2, 4, 8 is followed, chosen by the kernel's own filter. After a loss nobody is
 * held to be unanswered whose answer may have been lost. Listens only where somebody wants to know: the kernel builds no events otherwise.
 */
import type { TcpEvent } from "./conntrack-events.ts";
import { type EventFilter, isSampled } from "./event-filter.ts";
import { createEventSampling } from "./event-sampling.ts";
import type { EventSocket } from "./event-socket.ts";
import { createOpenTable } from "./open-table.ts";
import type { Feature } from "./status.ts";
import type { TrafficLatency } from "./traffic-latency.ts";

export type TrafficEvents = {
  round(): void;
  /** events are heard now: what did not happen is a zero, not a gap */
  isHeard(): boolean;
  feature(): Feature;
  stop(): void;
};

export type TrafficEventsDeps = {
  readonly open: (filter: EventFilter) => EventSocket | null;
  readonly latency: Pick<
    TrafficLatency,
    "answered" | "opened" | "refused" | "unanswered" | "reset" | "sample" | "prune"
  >;
  readonly tag: number;
  /** nf_conntrack_timestamp; null = there is none */
  readonly readStamping: () => number | null;
  /** some farm takes backends out by what real traffic says */
  readonly hasOutliers: () => boolean;
  readonly hasKoffi: boolean;
  readonly kernel: string;
  /** wall clock */
  readonly now: () => number;
  readonly monotonicMs: () => number;
};

/** more would hold up the loop for longer than a few milliseconds; the rest waits in the socket */
const roundMax = 4000;
const lookEveryMs = 1000;
/** so many events in a row without a stamp, and the kernel makes none */
const unstampedMax = 50;

export function createTrafficEvents(deps: TrafficEventsDeps): TrafficEvents {
  const table = createOpenTable(deps.latency);
  const sampling = createEventSampling();
  let socket: EventSocket | null = null;
  let isRefused = false;
  let stamping: number | null = null;
  let unstamped = 0;
  let filter: EventFilter = { tag: deps.tag, sampleBits: 0, withEnds: false };
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let heard = 0;
  let losses = 0;

  const isStamped = () => stamping === 1 && unstamped < unstampedMax;

  function take(event: TcpEvent): void {
    if (event.stampUs !== null) unstamped = 0;
    else if (stamping === 1) unstamped += 1;
    table.take(event, deps.monotonicMs());
  }

  function follow(next: EventFilter): void {
    const isSame = next.sampleBits === filter.sampleBits && next.withEnds === filter.withEnds;
    if (socket === null || isSame || !socket.filter(next)) return;
    filter = next;
    table.forget((id) => isSampled(id, next.sampleBits));
    deps.latency.sample(2 ** next.sampleBits);
  }

  function close(): void {
    socket?.close();
    socket = null;
    table.forget();
  }

  /** Once a second: does anybody want to know, and how much is heard? */
  function look(nowMs: number): void {
    const perS = (heard * 1000) / (nowMs - lookedAtMs);
    lookedAtMs = nowMs;
    heard = 0;
    stamping = deps.readStamping();
    deps.latency.prune(deps.now());
    const withEnds = deps.hasOutliers();
    if (!isStamped() && !withEnds) close();
    else if (socket === null) {
      filter = { ...filter, withEnds };
      socket = deps.open(filter);
      isRefused = socket === null;
    } else follow({ ...filter, withEnds, sampleBits: sampling.adjust(perS, table.overflowed() > 0) });
  }

  return {
    round() {
      const nowMs = deps.monotonicMs();
      if (nowMs - lookedAtMs >= lookEveryMs) look(nowMs);
      if (socket === null) return;
      const { messages, lost } = socket.read(roundMax, take);
      heard += messages;
      if (lost) {
        losses += 1;
        table.forget();
        follow({ ...filter, sampleBits: sampling.lost() });
      }
      // while some wait, the answer to an old SYN may be among them
      if (messages < roundMax) table.expire(nowMs);
    },
    isHeard: () => socket !== null,
    feature: () => ({
      name: "latency from real traffic",
      ...(trouble(deps, { isRefused, stamping, isStamped: isStamped() }) ?? {
        ok: true,
        text: `${followed(2 ** filter.sampleBits)}, timed by the kernel; ${lossText(losses)}`,
      }),
    }),
    stop: close,
  };
}

type Seen = { readonly isRefused: boolean; readonly stamping: number | null; readonly isStamped: boolean };

function trouble({ hasKoffi, kernel }: TrafficEventsDeps, seen: Seen): Omit<Feature, "name"> | null {
  const instead = "connect times are those of probes";
  const say = (why: string) => ({ ok: false, text: `${why}: ${instead}` });
  if (!hasKoffi) return say("koffi is missing");
  if (seen.isRefused) return say("the kernel does not tell us of connections");
  if (seen.stamping === null) return say("this kernel keeps no times of connections");
  if (seen.stamping !== 1)
    return { ok: false, text: `${instead}; for real ones: sysctl -w net.netfilter.nf_conntrack_timestamp=1` };
  return seen.isStamped ? null : say(`kernel ${kernel} puts no time on its events, 6.14 and later do`);
}

function followed(oneIn: number): string {
  return oneIn === 1 ? "SYN to SYN-ACK of every connection" : `SYN to SYN-ACK of one of ${oneIn} connections`;
}

function lossText(losses: number): string {
  return losses === 0
    ? "no event was lost"
    : `events were lost ${losses} times, and what was open then is not measured`;
}
