/**
 * One attempt at a backend: it answers exactly once, by its deadline at the latest, and then frees what it opened. Times are taken at the
 * socket's own events. A deadline never fires on what the kernel has already delivered: a busy loop looks at the sockets once more
 * first, and time in which this process did not run at all (a stall, a stopped process) is not the backend's.
 */
import type { ProbeError, ProbeResult } from "../wire/prober.ts";

export type Answer = Omit<ProbeResult, "key" | "at">;
export type Done = (answer: Answer) => void;
export type Place = { readonly address: string; readonly port: number; readonly timeoutMs: number };

/** What was seen besides good or bad. */
export type Seen = Partial<Pick<Answer, "degraded" | "certificateDays" | "weightPct" | "wish" | "loadPct">>;

export type Attempt = {
  /** the connection stands; only the first call counts */
  connected(): void;
  good(text?: string, seen?: Seen): void;
  bad(error: ProbeError, text: string, seen?: Seen): void;
  isOver(): boolean;
};

type Options = {
  /** closes everything the attempt opened; called once, before `done` */
  readonly free: () => void;
  /** in place of "timeout" */
  readonly onDeadline?: () => void;
};

/** later than this, a timer says more about us than about the backend */
const stallMs = 50;

export function beginAttempt(timeoutMs: number, done: Done, { free, onDeadline }: Options): Attempt {
  const startedMs = performance.now();
  let connectUs: number | null = null;
  let isOver = false;
  let hasGrace = true;
  let timer = setTimeout(expire, timeoutMs);

  function expire(): void {
    const lateMs = performance.now() - startedMs - timeoutMs;
    if (hasGrace && lateMs > stallMs) {
      hasGrace = false;
      timer = setTimeout(expire, Math.min(lateMs, timeoutMs));
      return;
    }
    // after the sockets that are readable by now
    setImmediate(() => {
      if (isOver) return;
      if (onDeadline !== undefined) onDeadline();
      else attempt.bad("timeout", `${connectUs === null ? "no connection" : "no answer"} within ${timeoutMs} ms`);
    });
  }

  function finish(answer: Answer): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    free();
    done(answer);
  }

  const attempt: Attempt = {
    connected() {
      connectUs ??= sinceUs(startedMs);
    },
    good(text = "", seen = {}) {
      finish({ connectUs, tookUs: sinceUs(startedMs), error: null, text: printable(text), degraded: false, ...seen });
    },
    bad(error, text, seen = {}) {
      finish({ connectUs, tookUs: null, error, text: printable(text), degraded: false, ...seen });
    },
    isOver: () => isOver,
  };
  return attempt;
}

const textMax = 200;

/** The wire takes nothing else; our own sentences are printable anyway. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?").slice(0, textMax);
}

function sinceUs(startedMs: number): number {
  return Math.max(0, Math.round((performance.now() - startedMs) * 1000));
}

/** The only way a backend's own words get into a text: few characters, of few kinds. */
export function shortQuote(words: string): string {
  return words
    .replace(/[^A-Za-z0-9 ._:/%-]+/g, " ")
    .replace(/ {2,}/g, " ")
    .trim()
    .slice(0, 60);
}

/** Ends an attempt by what a socket reports. */
export function failBySocket(attempt: Attempt, error: Error): void {
  const code = "code" in error ? String(error.code) : "";
  const [word, text] = socketErrors[code] ?? (["other", "the connection failed"] as const);
  attempt.bad(word, text);
}

const socketErrors: Readonly<Record<string, readonly [ProbeError, string]>> = {
  ECONNREFUSED: ["refused", "connection refused"],
  ETIMEDOUT: ["timeout", "no answer from the network"],
  EHOSTUNREACH: ["unreachable", "no route to the host"],
  ENETUNREACH: ["unreachable", "no route to the network"],
  EHOSTDOWN: ["unreachable", "the host is down"],
  EACCES: ["unreachable", "forbidden by a rule on the way"],
  EPERM: ["unreachable", "forbidden by a rule of this host"],
  ECONNRESET: ["reset", "connection reset"],
  EPIPE: ["reset", "connection reset"],
  EMFILE: ["cannot-check", "this host has no more file descriptors for checks"],
  ENFILE: ["cannot-check", "this host has no more file descriptors for checks"],
  EAFNOSUPPORT: ["cannot-check", "this host does not speak that address family"],
  EADDRNOTAVAIL: ["cannot-check", "this host has no free port or address for a check"],
  ENOBUFS: ["cannot-check", "this host has no memory for a check"],
};
