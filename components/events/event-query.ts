/** What of the log is asked for, as the address says it: ?text=&kind=&farm=&by=&from=&to=&before=. What cannot be read is left out. Pure. */
import { type LiveEvent, liveEventKinds } from "@/server/core/metrics/live.ts";

export type EventKind = LiveEvent["kind"] | "notify" | "sign-in" | "people";

export type EventQuery = {
  /** part of what the event says */
  readonly text?: string;
  readonly kind?: EventKind;
  readonly farmId?: string;
  /** a person's name; null = the agent itself */
  readonly by?: string | null;
  readonly fromMs?: number;
  readonly toMs?: number;
  readonly before?: string;
};

export const eventKindTexts: Readonly<Record<EventKind, string>> = {
  change: "Changes",
  drain: "Drains and maintenance",
  stop: "Farms stopped",
  up: "Backend up",
  down: "Backend down",
  health: "Health, other",
  weight: "Measured weights",
  empty: "Drained empty",
  drift: "Foreign changes",
  repair: "Repairs",
  agent: "Agent, other",
  prober: "Prober",
  limit: "Limits",
  reset: "Counters begun anew",
  lost: "Agent or prober lost",
  back: "Agent or prober back",
  notify: "Notifications",
  "sign-in": "Signing in",
  people: "People",
};

/** in place of a name: no person's name looks so */
export const agentName = "(agent)";

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

export function parseEventQuery(params: Params): EventQuery {
  const one = (name: string): string | undefined => {
    const value = params[name];
    return typeof value === "string" && value !== "" ? value.slice(0, 200) : undefined;
  };
  const text = one("text");
  const kind = eventKinds.find((each) => each === one("kind"));
  const farmId = one("farm");
  const by = one("by");
  const [fromMs, toMs] = [momentOf(one("from")), momentOf(one("to"))];
  const before = one("before");
  return {
    ...(text === undefined ? {} : { text }),
    ...(kind === undefined ? {} : { kind }),
    ...(farmId === undefined || !/^[0-9a-fA-F-]{36}$/.test(farmId) ? {} : { farmId }),
    ...(by === undefined ? {} : { by: by === agentName ? null : by }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    ...(before === undefined || !/^[0-9]{1,15}$/.test(before) ? {} : { before }),
  };
}

/** The address of a query, from its path. */
export function eventsHref(path: string, { text: part, kind, farmId, by, fromMs, toMs, before }: EventQuery): string {
  const params = new URLSearchParams();
  if (part !== undefined) params.set("text", part);
  if (kind !== undefined) params.set("kind", kind);
  if (farmId !== undefined) params.set("farm", farmId);
  if (by !== undefined) params.set("by", by ?? agentName);
  if (fromMs !== undefined) params.set("from", new Date(fromMs).toISOString());
  if (toMs !== undefined) params.set("to", new Date(toMs).toISOString());
  if (before !== undefined) params.set("before", before);
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}

export const eventKinds: readonly EventKind[] = [...liveEventKinds, "notify", "sign-in", "people"];

function momentOf(text: string | undefined): number | undefined {
  const ms = text === undefined || !/^[0-9]{4}-/.test(text) ? Number.NaN : Date.parse(text);
  return Number.isFinite(ms) ? ms : undefined;
}
