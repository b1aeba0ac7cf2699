/** `sluice top [FARM]`: the live table. Redrawn in place on a terminal; elsewhere each second's table follows the last one. */
import type { BalancerLive, FarmLive } from "../../core/metrics/live.ts";
import { fail, type Result } from "../../core/result.ts";
import type { FarmsAnswer } from "../../wire/agent.ts";
import type { StreamMessage } from "../../wire/stream.ts";
import { type Call, isOn } from "../command.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { findFarm, type VersionedFarm } from "../names.ts";
import { bitsText, countText, rateText } from "../numbers.ts";
import { withFarms } from "../with-agent.ts";
import type { OpenAgent, World } from "../world.ts";
import { backendLines, farmLines } from "./status.ts";
import { afterKey, firstView, shownLines, type TopView } from "./top-view.ts";

export function runTop(call: Call): Promise<number> {
  return withFarms(call, (agent, first) => follow(call, agent, first));
}

type Picture = {
  farms: readonly VersionedFarm[];
  rows: Map<string, FarmLive>;
  balancer: BalancerLive | null;
  view: TopView;
  /** lines of the table on the screen */
  page: number;
};

async function follow(call: Call, agent: OpenAgent, first: FarmsAnswer): Promise<number> {
  const { world } = call;
  const [name] = call.words;
  const picture: Picture = { farms: first.farms, rows: new Map(), balancer: null, view: firstView, page: 1 };
  const missing = name === undefined ? null : findFarm(first.farms, name);
  if (missing !== null && !missing.ok) return reportFailure(call, missing.error);
  const end = new AbortController();
  const stop = () => end.abort();
  world.interrupted.addEventListener("abort", stop);
  if (world.interrupted.aborted) stop();
  const draw = drawer(call, name);
  const release = isInPlace(call) ? world.keys((key) => press(picture, key, stop, draw)) : null;
  const ended = await agent.link.stream((message) => {
    if (message.type === "revision") void refresh(agent, picture);
    if (!take(picture, message)) return;
    draw(picture);
    if (isOn(call.values, "once")) stop();
  }, end.signal);
  release?.();
  world.interrupted.removeEventListener("abort", stop);
  if (end.signal.aborted) return exit.done;
  return reportFailure(call, endOf(ended));
}

function endOf(ended: Result<null>) {
  return ended.ok ? fail("agent-down", "The agent closed its stream").error : ended.error;
}

/** Whether there is something new to draw. */
function take(picture: Picture, message: StreamMessage): boolean {
  if (message.type === "hello") picture.rows = new Map(message.farms.map((row) => [row.farmId, row]));
  else if (message.type === "tick") {
    for (const row of message.farms) picture.rows.set(row.farmId, row);
    for (const farmId of message.removed) picture.rows.delete(farmId);
  } else return false;
  picture.balancer = message.balancer;
  return true;
}

/** Names and weights of a revision somebody made meanwhile; when it cannot be read the next one brings it. */
async function refresh({ link }: OpenAgent, picture: Picture): Promise<void> {
  const farms = await link.farms();
  if (farms.ok) picture.farms = farms.value.farms;
}

function press(picture: Picture, key: string, stop: () => void, draw: (picture: Picture) => void): void {
  const view = afterKey(picture.view, key, picture.page);
  if (view === null) {
    stop();
    return;
  }
  if (view === picture.view) return;
  picture.view = view;
  draw(picture);
}

function isInPlace({ world, values }: Call): boolean {
  return world.screen.isTty && !isOn(values, "once") && !isOn(values, "json");
}

function drawer(call: Call, name: string | undefined): (picture: Picture) => void {
  const { world } = call;
  let isFirst = true;
  return (picture) => {
    if (isOn(call.values, "json")) {
      world.out(`${JSON.stringify({ balancer: picture.balancer, farms: [...picture.rows.values()] })}\n`);
      return;
    }
    const lines = linesOf(picture, name, world);
    if (isInPlace(call)) world.out(inPlace(picture, lines, world.screen.rows, isFirst));
    else world.out(`${isFirst ? "" : "\n"}${lines.join("\n")}\n`);
    isFirst = false;
  };
}

function linesOf(picture: Picture, name: string | undefined, { screen, nowMs }: World): string[] {
  const head = headOf(picture, nowMs());
  if (name === undefined) return [head, "", ...farmLines(inOrder(picture), [...picture.rows.values()], screen)];
  const found = findFarm(picture.farms, name);
  if (!found.ok) return [head, "", found.error.text];
  return [head, "", ...backendLines(found.value, picture.rows.get(found.value.farm.id), screen)];
}

function headOf({ balancer }: Picture, nowMs: number): string {
  const at = new Date(balancer?.at ?? nowMs).toISOString().slice(11, 19);
  if (balancer === null) return at;
  return `${at} UTC  ${rateText(balancer.newPerS)} new/s, ${countText(balancer.active)} active, ${bitsText(balancer.bytesOutPerS)} to clients`;
}

/** Busiest first, unless names are asked for; equally busy ones by name, so that rows do not dance. */
function inOrder({ farms, rows, view }: Picture): VersionedFarm[] {
  const busy = ({ farm }: VersionedFarm) => (view.order === "name" ? 0 : (rows.get(farm.id)?.newPerS ?? 0));
  return [...farms].sort((a, b) => busy(b) - busy(a) || (a.farm.name < b.farm.name ? -1 : 1));
}

/** From the top left, each line to its end, then whatever an earlier picture left below. */
function inPlace(picture: Picture, lines: readonly string[], rows: number | null, isFirst: boolean): string {
  const shown = shownLines(lines, picture.view, rows);
  picture.view = { ...picture.view, offset: shown.offset };
  picture.page = shown.page;
  const body = shown.lines.map((line) => `${line}\u001b[K\n`).join("");
  return `${isFirst ? "\u001b[2J" : ""}\u001b[H${body}\u001b[J`;
}
