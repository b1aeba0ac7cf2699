/**
 * Connections the kernel tracks, as `conntrack` prints them: only those with our tag byte (the kernel filters), one a line.
 * Active = SYN_RECV and ESTABLISHED; UDP: assured. Everything else only says that a mark is still carried. Each dump is a process
 * of its own; its output is read piece by piece, so that 100,000 entries never hold up the loop.
 */
import { type FlowChoice, type TrackedFlows, wholeMark } from "./flow-choice.ts";
import type { LoopedCommand } from "./looped-command.ts";

export type ConntrackDump = {
  readonly atMs: number;
  readonly durationMs: number;
  /** mark id (without tag) -> active connections */
  readonly active: ReadonlyMap<number, number>;
  /** mark id -> connections in SYN_SENT that no backend answered */
  readonly unanswered: ReadonlyMap<number, number>;
  /** every mark id some entry carries, active or not */
  readonly carried: ReadonlySet<number>;
};

export type Conntrack = {
  dump(): Promise<ConntrackDump | null>;
  /** active connections that carry this mark id, right now; null = it could not be told */
  activeOf(markId: number): Promise<number | null>;
  /** forgets the entries that carry this mark id; how many, closed ones among them, null = not all of them could be */
  deleteByMark(markId: number): Promise<number | null>;
  /**
   * the same for TCP only, of what is no connection: those that were reset (a client that reuses its port would be sent the old way
   * again) and SYNs nobody answered (sent again, they are scheduled anew)
   */
  deleteUnserved(markId: number): Promise<number | null>;
  /** the same for flows only: with "all" those of UDP and ICMP, since TCP connections stay with a backend that left */
  deleteFlows(markId: number, protocol: "udp" | "all"): Promise<number | null>;
  /** forgets the entries of one protocol towards an address and port (0 = any port) */
  deleteByDestination(protocol: "udp" | "tcp" | "all", address: string, port: number | null): Promise<number | null>;
};

export type ConntrackDeps = {
  readonly flows: Pick<TrackedFlows, "countOpen" | "forget">;
  /** `conntrack -L` for our tag, see dumpCommand */
  readonly dumping: LoopedCommand;
  readonly tag: number;
  readonly now: () => number;
};

const dumpTimeoutMs = 20_000;
const flowProtocols = ["udp", "icmp", "icmpv6"] as const;
/** every mark of a farm has some of these bits, with whatever tag */
const anyTag = 0x7f000000;

export function createConntrack({ flows, dumping, tag, now }: ConntrackDeps): Conntrack {
  const marked = (markId: number, more: Partial<FlowChoice> = {}): FlowChoice => ({
    mark: tag * 0x1000000 + markId,
    mask: wholeMark,
    protocols: null,
    states: null,
    destination: null,
    ...more,
  });
  return {
    async dump() {
      const counter = createCounter(tag);
      const startedMs = performance.now();
      const isOk = await dumping.run(counter.piece, dumpTimeoutMs);
      return isOk ? { atMs: now(), durationMs: performance.now() - startedMs, ...counter.done() } : null;
    },
    activeOf: (markId) => flows.countOpen(marked(markId)),
    deleteByMark: (markId) => flows.forget(marked(markId)),
    deleteUnserved: (markId) => flows.forget(marked(markId, { protocols: ["tcp"], states: ["CLOSE", "SYN_SENT"] })),
    deleteFlows: (markId, protocol) =>
      flows.forget(marked(markId, { protocols: protocol === "all" ? flowProtocols : [protocol] })),
    deleteByDestination: (protocol, address, port) =>
      flows.forget({
        // flows that never reached a farm carry no tag; those that a client began since then must stay
        mark: 0,
        mask: anyTag,
        protocols: protocol === "all" ? null : [protocol],
        states: null,
        destination: { address, port: protocol === "all" ? null : port },
      }),
  };
}

/** Entries of other marks are left out by the kernel. */
export function dumpCommand(tag: number): string[] {
  return ["conntrack", "-L", "-m", `0x${tag.toString(16).padStart(2, "0")}000000/0xff000000`];
}

type Counts = Pick<ConntrackDump, "active" | "unanswered" | "carried">;

/** Takes the text in pieces of any size. Exported for its test. */
export function createCounter(tag: number): { piece(text: string): void; done(): Counts } {
  const active = new Map<number, number>();
  const unanswered = new Map<number, number>();
  const carried = new Set<number>();
  let rest = "";
  function line(text: string, from: number, to: number): void {
    const markAt = text.indexOf(" mark=", from);
    if (markAt < 0 || markAt >= to) return;
    const mark = Number.parseInt(text.slice(markAt + 6, markAt + 16), 10);
    if (Math.floor(mark / 0x1000000) !== tag) return;
    const id = mark % 0x1000000;
    carried.add(id);
    const words = text.slice(from, Math.min(to, from + 60));
    if (isActive(words, text, from, to)) active.set(id, (active.get(id) ?? 0) + 1);
    else if (words.includes(" SYN_SENT ")) unanswered.set(id, (unanswered.get(id) ?? 0) + 1);
  }
  return {
    piece(text) {
      const whole = rest + text;
      let from = 0;
      for (let to = whole.indexOf("\n"); to >= 0; to = whole.indexOf("\n", from)) {
        line(whole, from, to);
        from = to + 1;
      }
      rest = whole.slice(from);
    },
    done: () => ({ active, unanswered, carried }),
  };
}

/** `words` is the head of the line: protocol, number, time left, state of TCP. */
function isActive(words: string, text: string, from: number, to: number): boolean {
  if (words.startsWith("tcp")) return words.includes(" ESTABLISHED ") || words.includes(" SYN_RECV ");
  const at = text.indexOf("[ASSURED]", from);
  return at >= 0 && at < to;
}

/** Every second while a dump is cheap, else every 2, 5, 10 s. */
export function dumpPeriodMs(durationMs: number): number {
  if (durationMs < 50) return 1000;
  if (durationMs < 200) return 2000;
  return durationMs < 1000 ? 5000 : 10_000;
}
