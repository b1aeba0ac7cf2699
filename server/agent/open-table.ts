/**
 * Connections that are being opened, by the kernel's number of each: SYN, SYN-ACK, ACK, or what went wrong instead. Pure but for its table.
 * Invariants: a connection is in the table for at most `openMs` and leaves it with at most one verdict; the table holds at most `openMax`, and
 * what did not fit is counted, not guessed. An event whose beginning was not heard says nothing.
 */
import { type TcpEvent, tcpState } from "./conntrack-events.ts";

export type OpenSink = {
  /** SYN to SYN-ACK; null = the kernel stamps no events */
  answered(markId: number, us: number | null): void;
  /** SYN to the client's ACK */
  opened(markId: number, us: number | null): void;
  /** reset, and there had been no answer */
  refused(markId: number): void;
  /** no answer for `openMs` */
  unanswered(markId: number): void;
  /** reset within `openMs`, with no FIN before; by whom, connection tracking does not say */
  reset(markId: number): void;
};

export type OpenTable = {
  take(event: TcpEvent, nowMs: number): void;
  /** what waited too long is unanswered; called often */
  expire(nowMs: number): void;
  /** Events were lost, or others are heard from now on: who waits may have been answered already. */
  forget(isKept?: (id: number) => boolean): void;
  /** did not fit since the last call */
  overflowed(): number;
  size(): number;
};

type Opening = { readonly markId: number; readonly stampUs: number | null; readonly atMs: number; phase: Phase };
type Phase = "sent" | "answered" | "open";

const openMs = 3000;
const openMaxUsual = 65_536;

export function createOpenTable(sink: OpenSink, openMax = openMaxUsual): OpenTable {
  // in the order of their beginning, so that the oldest come first
  const openings = new Map<number, Opening>();
  let overflow = 0;

  function begin({ id, markId, stampUs }: TcpEvent, nowMs: number): void {
    openings.delete(id);
    if (openings.size >= openMax) overflow += 1;
    else openings.set(id, { markId, stampUs, atMs: nowMs, phase: "sent" });
  }

  /** The kernel tells the state as it is when it gets to telling: on two processors the ACK may be there by then, and SYN_RECV is never told. */
  function catchUp(opening: Opening, state: number): void {
    if (opening.phase !== "sent" || (state !== tcpState.established && state !== tcpState.finWait)) return;
    opening.phase = "open";
    sink.answered(opening.markId, null);
  }

  function follow(opening: Opening, { id, state, stampUs }: TcpEvent): void {
    const us = elapsedUs(opening.stampUs, stampUs);
    catchUp(opening, state);
    if (state === tcpState.synRecv && opening.phase === "sent") {
      opening.phase = "answered";
      sink.answered(opening.markId, us);
    } else if (state === tcpState.established && opening.phase === "answered") {
      opening.phase = "open";
      sink.opened(opening.markId, us);
    } else if (state === tcpState.close) {
      openings.delete(id);
      if (opening.phase === "sent") sink.refused(opening.markId);
      if (opening.phase === "open") sink.reset(opening.markId);
    } else if (state === tcpState.finWait) openings.delete(id);
  }

  return {
    take(event, nowMs) {
      if (event.what === "new") {
        if (event.state === tcpState.synSent) begin(event, nowMs);
        return;
      }
      const opening = openings.get(event.id);
      if (opening === undefined) return;
      if (event.what === "update" || event.state === tcpState.close) follow(opening, event);
      // else deleted by somebody
      if (event.what === "destroy") openings.delete(event.id);
    },
    expire(nowMs) {
      for (const [id, { markId, atMs, phase }] of openings) {
        if (nowMs - atMs < openMs) return;
        openings.delete(id);
        if (phase === "sent") sink.unanswered(markId);
      }
    },
    forget(isKept = () => false) {
      for (const id of openings.keys()) if (!isKept(id)) openings.delete(id);
    },
    overflowed() {
      const count = overflow;
      overflow = 0;
      return count;
    },
    size: () => openings.size,
  };
}

/** Stamps are of the wall clock, which may be set back. */
function elapsedUs(from: number | null, to: number | null): number | null {
  return from === null || to === null || to < from ? null : to - from;
}
