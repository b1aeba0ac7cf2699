/** What the monitor page shows: filter, folded groups and wall mode, kept in its address. Pure. */
import { type GroupKey, groupKeys, itemReason, type MonitorItem } from "./monitor-model.ts";

export type MonitorQuery = {
  readonly text: string;
  /** null = every state */
  readonly state: GroupKey | null;
  readonly farmId: string;
  readonly tag: string;
  readonly folded: ReadonlySet<GroupKey>;
  readonly isWall: boolean;
};

export const plainQuery: MonitorQuery = {
  text: "",
  state: null,
  farmId: "",
  tag: "",
  folded: new Set(),
  isWall: false,
};

export function parseMonitorQuery(params: URLSearchParams): MonitorQuery {
  const asked = (params.get("folded") ?? "").split(",");
  return {
    text: (params.get("q") ?? "").slice(0, 100),
    state: groupKeys.find((key) => key === params.get("state")) ?? null,
    farmId: (params.get("farm") ?? "").slice(0, 40),
    tag: (params.get("tag") ?? "").slice(0, 63),
    folded: new Set(groupKeys.filter((key) => asked.includes(key))),
    isWall: params.get("wall") === "1",
  };
}

/** Only what differs from the plain page is written. */
export function monitorQueryText({ text, state, farmId, tag, folded, isWall }: MonitorQuery): string {
  const params = new URLSearchParams();
  if (text !== "") params.set("q", text);
  if (state !== null) params.set("state", state);
  if (farmId !== "") params.set("farm", farmId);
  if (tag !== "") params.set("tag", tag);
  if (folded.size > 0) params.set("folded", groupKeys.filter((key) => folded.has(key)).join(","));
  if (isWall) params.set("wall", "1");
  const written = params.toString();
  return written === "" ? "" : `?${written}`;
}

/** All but the state: counts of the states are taken over these. */
export function matchesQuery(item: MonitorItem, { text, farmId, tag }: MonitorQuery): boolean {
  const { farm, backend } = item;
  if (farmId !== "" && farm.id !== farmId) return false;
  if (tag !== "" && !farm.tags.includes(tag)) return false;
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  const words = [backend.name, backend.address, farm.name, ...farm.tags, itemReason(item)];
  return words.some((each) => each.toLowerCase().includes(wanted));
}

export function toggleFold(folded: ReadonlySet<GroupKey>, key: GroupKey): ReadonlySet<GroupKey> {
  const next = new Set(folded);
  if (!next.delete(key)) next.add(key);
  return next;
}
