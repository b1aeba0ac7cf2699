/**
 * Live rows, as the agent computes them each second and the browser draws them. null = cannot be known (no sample yet,
 * counter reset, not measured), never zero. Times are epoch milliseconds of the balancer; rates are per second.
 */
import type { CheckType } from "../farm/health-check.ts";
import type { Posts } from "../farm/posts.ts";
import type { AdminState, FarmWord, Health } from "../farm/types.ts";
import type { TurnReason } from "../ruleset/turned.ts";

/** Connect time over a rolling 60 s, by a TCP probe or of real connections. Under 50 samples the percentiles are weak: `samples` says so. */
export type ConnectTime = {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly samples: number;
  /** failed probes in the same 60 s, or opens that were refused or not answered: a count, never a latency */
  readonly failed: number;
  /** of real connections one of this many is measured; absent = every one, or a probe */
  readonly oneIn?: number;
};

/** Share of new connections counted since the last change of the farm, at most 5 minutes. */
export type ObservedShare = {
  readonly sharePct: number;
  /** half width of the 95 % band around the planned share for this many connections */
  readonly bandPct: number;
  /** new connections of the whole farm counted in the window */
  readonly connections: number;
  readonly sinceMs: number;
  /** "few" while the band is wider than 10 points: not enough to judge */
  readonly verdict: "few" | "in-band" | "out-of-band" | "goal";
};

/** Connections, observed share, latency by traffic and drain progress of farms that forward without connection tracking. */
export const notTracked = "not tracked in this mode";

export type BackendLive = {
  readonly backendId: string;
  readonly adminState: AdminState;
  readonly health: Health;
  /** in words, e.g. "connection refused since 14:01:12"; null when there is nothing to say */
  readonly reason: string | null;
  readonly plannedPct: number;
  readonly programmedPct: number;
  readonly observed: ObservedShare | null;
  readonly newPerS: number | null;
  readonly active: number | null;
  readonly packetsInPerS: number | null;
  readonly packetsOutPerS: number | null;
  readonly bytesInPerS: number | null;
  readonly bytesOutPerS: number | null;
  readonly connect: ConnectTime | null;
  readonly lastProbeAt: number | null;
  /** since when it has this health; absent = ever since the agent knows it */
  readonly healthSince?: number;
  /** from when on it was asked again, where nobody asked for a while after that: it was not known in between; absent = always asked */
  readonly askedAgainAt?: number;
  readonly check?: CheckLive;
  /** open latency of real connections, SYN to SYN-ACK; absent = not measured on this kernel */
  readonly traffic?: ConnectTime;
  /** the same connections, SYN to the client's ACK */
  readonly trafficOpened?: ConnectTime;
  readonly weights?: WeightFactors;
  readonly drain?: DrainLive;
  /** out though its checks are good; `text` says why */
  readonly out?: { readonly why: "ejected" | "window"; readonly untilMs: number | null; readonly text: string };
  /** why its connections are never known, where the kernel does not track them; packets and bytes are */
  readonly untracked?: string;
};

/** The health check of a backend as it stands; absent where no check is set. */
export type CheckLive = {
  readonly type: CheckType;
  /** null = not asked yet */
  readonly at: number | null;
  /** null = not asked yet, or it could not be asked from here: `text` says why */
  readonly ok: boolean | null;
  /** good, but not all is well; absent = no */
  readonly isDegraded?: true;
  /** nobody asked for so long that this says nothing of now; absent = no */
  readonly isOld?: true;
  readonly tookMs: number | null;
  /** what was seen, e.g. "status 503"; "" = nothing to say */
  readonly text: string;
  /** good or bad results in a row, and how many it takes to change the state */
  readonly inRow: number;
  readonly needed: number;
  /** until the certificate ends; null = none is seen */
  readonly certificateDays: number | null;
};

/** Why the weight in the kernel is not the administrator's. Factors multiply; 1 = nothing. */
export type WeightFactors = {
  /** slow start, grows to 1 at `untilMs` */
  readonly slowStart?: { readonly factor: number; readonly untilMs: number };
  /** measured: `text` says why, e.g. "p95 48 ms against 12 ms"; `held`: nothing fresh to go by, the last factor stays */
  readonly dynamic?: { readonly factor: number; readonly text: string; readonly isHeld: boolean };
  /** its own agent-check asks for less or more; 0 = no new clients */
  readonly wish?: { readonly factor: number; readonly text: string };
};

/** A backend that drains, and how that goes. */
export type DrainLive = {
  readonly sinceMs: number;
  /** connections left; null = not known */
  readonly left: number | null;
  /** ended per second, lately */
  readonly perS: number | null;
  /** when none will be left at this pace; null = it does not fall */
  readonly endsAtMs: number | null;
  /** when what is left is cut; null = never */
  readonly deadlineMs: number | null;
};

/** Where a VIP lives, seen from the balancer. `command` is what would make it answer here. */
export type VipState = {
  readonly address: string;
  readonly place: "local" | "routed" | "not-here" | "unknown";
  readonly command: string | null;
};

/** Packets that a filter of the farm turned away; they reach no backend and count as no connection. A client's retries count again. */
export type TurnedAway = {
  readonly reason: TurnReason;
  /** the named list that denied; absent: the farm's own networks, or no matter of lists */
  readonly list?: string;
  /** since the kernel began to count them; it forgets what was quiet for a day */
  readonly packets: number | null;
  readonly perS: number | null;
};

/** Entries of a map and how many it takes; as counted within the last minute or so. */
export type MapFill = { readonly used: number; readonly max: number };

export type FarmLive = Posts & {
  readonly farmId: string;
  readonly at: number;
  readonly word: FarmWord;
  /** in words: the worst reason; null when all is well */
  readonly reason: string | null;
  readonly serving: number;
  readonly total: number;
  readonly newPerS: number | null;
  readonly active: number | null;
  readonly bytesInPerS: number | null;
  readonly bytesOutPerS: number | null;
  readonly connect: ConnectTime | null;
  /** as of its backends; absent = not measured on this kernel */
  readonly traffic?: ConnectTime;
  /** of those that serve: checked, and for a while nobody could say how they are; absent = none */
  readonly silent?: number;
  /** too many fail at once: the checks are not believed, in words */
  readonly panic?: string;
  /** as of its backends: why connections are never known */
  readonly untracked?: string;
  readonly vips: readonly VipState[];
  /** reasons for no or wrong traffic, as sentences: ip_forward, rp_filter, conntrack fill, SYN without answer */
  readonly hints: readonly string[];
  /** one entry a reason that the farm has a filter for; empty = it filters nothing */
  readonly turnedAway: readonly TurnedAway[];
  /** what lines about it in the balancer's kernel log begin with; null = it logs nothing */
  readonly logPrefix: string | null;
  readonly backends: readonly BackendLive[];
  /** the farm's own map of remembered clients, the fuller of its families; absent = it shares one, or remembers nobody */
  readonly sticky?: MapFill;
  /** what the sorry server got; absent = the farm has none */
  readonly sorry?: { readonly newPerS: number | null; readonly active: number | null };
};

/** A farm without its backends: the row of the overview and the farms list. */
export type FarmRow = Omit<FarmLive, "backends" | "vips">;

export type BalancerLive = {
  readonly at: number;
  readonly newPerS: number | null;
  readonly active: number | null;
  readonly bytesInPerS: number | null;
  readonly bytesOutPerS: number | null;
  readonly conntrack: { readonly used: number; readonly max: number } | null;
  /** the map of remembered clients that farms share; absent = nobody uses it, or it was not counted yet */
  readonly sticky?: MapFill;
  /** every how many seconds `active` is read; a dump that takes long is taken less often */
  readonly activeEveryS: number;
};

/**
 * The sign of an event is its kind's, never read out of its words: they hold names that people chose. `drain` and `stop` are changes by
 * which a backend or a farm takes no new connections; `lost` and `back` are said of a process of ours.
 */
export const liveEventKinds = [
  "change",
  "drain",
  "stop",
  /** a backend came up, or went down */
  "up",
  "down",
  /** anything else that checks or real traffic said */
  "health",
  /** a measured weight moved */
  "weight",
  /** a draining backend has no connection left */
  "empty",
  "drift",
  "repair",
  "agent",
  "prober",
  "limit",
  "reset",
  "lost",
  "back",
] as const;

/** One thing that happened and stays in the log. */
export type LiveEvent = {
  /** grows by one within the agent's life; with bootId it is unique */
  readonly seq: number;
  readonly at: number;
  readonly kind: (typeof liveEventKinds)[number];
  readonly farmId: string | null;
  readonly backendId: string | null;
  readonly text: string;
  readonly revision: number | null;
};

type Values = readonly (number | null)[];
/** Times in ms over the points of a history; a farm's have a p99 too. */
export type TimesSeries = { readonly p50Ms: Values; readonly p95Ms: Values };

/** Absent where nothing is known: most of a long list of backends may never be timed. */
export function knownTimes<Of extends "connect" | "traffic">(
  of: Of,
  p50Ms: Values,
  p95Ms: Values,
): { readonly [key in Of]?: TimesSeries } {
  const isKnown = p95Ms.some((value) => value !== null);
  return isKnown ? ({ [of]: { p50Ms, p95Ms } } as { readonly [key in Of]: TimesSeries }) : {};
}

/** History for the charts of one farm: `atMs` ascending, every array as long as `atMs`; null = a gap. At most 120 points. */
export type FarmSeries = {
  readonly farmId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly atMs: readonly number[];
  /** by probes */
  readonly connect: TimesSeries & { readonly p99Ms: Values };
  /** of real connections, SYN to SYN-ACK */
  readonly traffic: TimesSeries & { readonly p99Ms: Values };
  readonly backends: readonly {
    readonly backendId: string;
    readonly newPerS: Values;
    readonly active: Values;
    readonly observedPct: Values;
    readonly plannedPct: Values;
    /** as of the farm; absent = never known in this range */
    readonly connect?: TimesSeries;
    readonly traffic?: TimesSeries;
  }[];
  /** where it comes from, as a sentence, when it is not just our own */
  readonly source?: string;
  /** how far back this balancer can answer at 1 s and at 60 s, in seconds */
  readonly retention: { readonly secondsS: number; readonly minutesS: number };
};
