/** What is at work on a backend beside its two axes, in words: out by real traffic, slow start, a measured weight. Pure. */
import { formatClock, formatCount } from "@/components/ui/numbers.ts";
import type { Backend } from "@/server/core/farm/types.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";

/** The factor by which a weight counts less or more, to two digits. */
function factorText(factor: number): string {
  return factor.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

type Factors = NonNullable<BackendLive["weights"]>;
type Marked = {
  readonly out?: BackendLive["out"];
  readonly weights?: {
    readonly slowStart?: Factors["slowStart"];
    readonly dynamic?: Factors["dynamic"];
    readonly wish?: Factors["wish"];
  };
};

/** One sentence a mark; empty = its weight counts as it is. Times are the reader's. */
export function marksOf({ out, weights }: Marked): string[] {
  const slow = weights?.slowStart;
  const measured = weights?.dynamic;
  return [
    ...(out === undefined ? [] : [outText(out)]),
    ...(slow === undefined || slow.factor >= 1
      ? []
      : [`slow start: ${formatCount(100 * slow.factor)} % of its weight, all at ${formatClock(slow.untilMs)}`]),
    ...(measured === undefined ? [] : [measuredText(measured)]),
    ...(weights?.wish === undefined ? [] : [`agent-check: ${weights.wish.text}`]),
  ];
}

/** Why it is as it is, in a line for a table; "" = nothing to say. A measured weight is told beside the weight. */
export function reasonOf(backend: Pick<Backend, "adminState" | "weight">, row: BackendLive | undefined): string {
  return [...stateReason(backend, row), ...(row === undefined ? [] : stateMarks(row))].join("; ");
}

/** Without the measured weight. */
export function stateMarks({ out, weights }: Marked): string[] {
  return marksOf({ out, weights: { slowStart: weights?.slowStart, wish: weights?.wish } });
}

/** Beside a weight that counts otherwise than set: in few words, and in whole ones. */
export function measuredMark(
  row: BackendLive | null | undefined,
): { readonly short: string; readonly text: string } | null {
  const measured = row?.weights?.dynamic;
  if (measured === undefined) return null;
  const { factor, isHeld } = measured;
  const short = isHeld && factor === 1 ? "fixed" : `x ${factorText(factor)}${isHeld ? " held" : ""}`;
  return { short, text: measuredText(measured) };
}

function stateReason({ adminState, weight }: Pick<Backend, "adminState" | "weight">, row: BackendLive | undefined) {
  if (row?.reason) return [withSince(row.reason, row)];
  if (row?.untracked !== undefined && adminState === "drain") return [`connections left: ${row.untracked}`];
  if (adminState === "active" && weight === 0) return ["weight 0, no new connections"];
  return [];
}

/** A reason may name its moment already. */
function withSince(reason: string, { health, healthSince }: BackendLive): string {
  const isTold =
    healthSince === undefined || reason.includes(" since ") || (health !== "down" && health !== "degraded");
  return isTold ? reason : `${reason}, since ${formatClock(healthSince)}`;
}

function outText({ why, untilMs, text }: NonNullable<BackendLive["out"]>): string {
  // without an end it is not planned: its own agent-check asks for it
  if (why === "window" && untilMs === null) return `agent-check: ${text}`;
  const until = untilMs === null ? "" : `, until ${formatClock(untilMs)}`;
  return `${why === "ejected" ? "ejected" : "planned maintenance"}${text === "" ? "" : `: ${text}`}${until}`;
}

/** What is held says why; it is fixed at the weight itself, or where the last measurement left it. */
function measuredText({ factor, text, isHeld }: NonNullable<NonNullable<BackendLive["weights"]>["dynamic"]>): string {
  const why = text === "" ? "" : `: ${text}`;
  if (isHeld && factor === 1) return `weight fixed${why === "" ? ": nothing is measured" : why}`;
  return `measured weight x ${factorText(factor)}${isHeld ? ", held" : ""}${why}`;
}
