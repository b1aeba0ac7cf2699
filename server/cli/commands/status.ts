/** `sluice status [FARM]`: the balancer and its farms, or one farm's backends, as they are this second. */
import type { BackendLive, FarmLive } from "../../core/metrics/live.ts";
import { type Call, isOn } from "../command.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { type Hello, liveOnce } from "../live-once.ts";
import { findFarm, type VersionedFarm } from "../names.ts";
import { bitsText, countText, msText, pctText, rateText } from "../numbers.ts";
import { printable } from "../printable.ts";
import { type Cell, type Column, paint, tableLines } from "../table.ts";
import { withFarms } from "../with-agent.ts";
import { addressesText, adminStateCell, farmWordCell, healthCell, serviceText } from "../words.ts";
import type { Screen } from "../world.ts";
import { farmNotes } from "./farm-notes.ts";

export function runStatus(call: Call): Promise<number> {
  const [name] = call.words;
  return withFarms(call, async (agent, { farms }) => {
    const one = name === undefined ? null : findFarm(farms, name);
    if (one !== null && !one.ok) return reportFailure(call, one.error);
    const hello = await liveOnce(agent);
    if (!hello.ok) return reportFailure(call, hello.error);
    const { screen } = call.world;
    const lines =
      one === null
        ? [
            ...balancerLines(hello.value, agent.socketPath, screen),
            "",
            ...farmLines(byName(farms), hello.value.farms, screen),
          ]
        : farmDetail(one.value, rowOf(hello.value.farms, one.value), screen);
    if (isOn(call.values, "json")) call.world.out(`${JSON.stringify(statusJson(hello.value, farms, one?.value))}\n`);
    else call.world.out(`${lines.join("\n")}\n`);
    return exit.done;
  });
}

/** Rows of farms in the order given; shared with `top`. */
export function farmLines(farms: readonly VersionedFarm[], rows: readonly FarmLive[], screen: Screen): string[] {
  if (farms.length === 0) return ["There are no farms yet. Write a document and give it with: sluice apply FILE"];
  const live = new Map(rows.map((row) => [row.farmId, row]));
  return tableLines(
    farmColumns,
    farms.map(({ farm }) => farmRow(farm, live.get(farm.id))),
    screen,
  );
}

/** Rows of one farm's backends, then why they are as they are; shared with `top`. */
export function backendLines({ farm }: VersionedFarm, row: FarmLive | undefined, screen: Screen): string[] {
  const live = new Map(row?.backends.map((each) => [each.backendId, each]));
  const table = tableLines(
    backendColumns,
    farm.backends.map((backend) => backendRow(backend, live.get(backend.id))),
    screen,
  );
  const reasons = farm.backends.flatMap(({ id, name }) => {
    const { reason = null, out } = live.get(id) ?? {};
    const words = out?.text ?? reason;
    return words === null ? [] : [`  ${name}: ${printable(words)}`];
  });
  return reasons.length === 0 ? table : [...table, "", ...reasons];
}

function byName(farms: readonly VersionedFarm[]): VersionedFarm[] {
  return [...farms].sort((a, b) => (a.farm.name < b.farm.name ? -1 : 1));
}

const farmColumns: readonly Column[] = [
  { title: "FARM" },
  { title: "STATE" },
  { title: "ADDRESSES" },
  { title: "SERVICE", spare: 1 },
  { title: "SCHEDULER", spare: 4 },
  { title: "SERVING", align: "right" },
  { title: "NEW/S", align: "right" },
  { title: "ACTIVE", align: "right", spare: 2 },
  { title: "OUT", align: "right", spare: 5 },
];

function farmRow(farm: VersionedFarm["farm"], row: FarmLive | undefined): Cell[] {
  return [
    { text: farm.name, tone: "strong" },
    row === undefined ? "-" : farmWordCell(row.word),
    addressesText(farm),
    serviceText(farm),
    farm.scheduler,
    row === undefined ? "-" : `${row.serving}/${row.total}`,
    rateText(row?.newPerS ?? null),
    countText(row?.active ?? null),
    bitsText(row?.bytesOutPerS ?? null),
  ];
}

const backendColumns: readonly Column[] = [
  { title: "BACKEND" },
  { title: "ADDRESS" },
  { title: "STATE" },
  { title: "HEALTH", spare: 1 },
  { title: "WEIGHT", align: "right" },
  { title: "PLANNED", align: "right", spare: 5 },
  { title: "KERNEL", align: "right" },
  { title: "OBSERVED", align: "right", spare: 2 },
  { title: "NEW/S", align: "right", spare: 3 },
  { title: "ACTIVE", align: "right", spare: 4 },
  { title: "CONNECT", align: "right", spare: 6 },
];

function backendRow(backend: VersionedFarm["farm"]["backends"][number], row: BackendLive | undefined): Cell[] {
  return [
    { text: backend.name, tone: "strong" },
    backend.port === null ? backend.address : placeText(backend.address, backend.port),
    adminStateCell(backend.adminState, row?.out),
    row === undefined ? "-" : healthCell(row.health),
    String(backend.weight),
    pctText(row?.plannedPct ?? null),
    pctText(row?.programmedPct ?? null),
    pctText(row?.observed?.sharePct ?? null),
    rateText(row?.newPerS ?? null),
    countText(row?.active ?? null),
    msText(row?.connect?.p50Ms ?? null),
  ];
}

function placeText(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function balancerLines({ status, balancer }: Hello, socketPath: string, screen: Screen): string[] {
  const { host, epoch, n } = status;
  const label = (text: string) => paint(text.padEnd(10), "dim", screen);
  const conntrack =
    balancer.conntrack === null ? "" : `, ${balancer.conntrack.used} of ${balancer.conntrack.max} tracked`;
  const missing = status.features.filter(({ ok }) => !ok);
  return [
    `${label("balancer")}${printable(host.hostname)}${host.lab ? " (lab)" : ""}, kernel ${printable(host.kernel)}, nft ${printable(host.nft)}`,
    `${label("agent")}${socketPath}, revision ${n} of epoch ${epoch}, ${syncText[status.sync]}`,
    `${label("traffic")}${rateText(balancer.newPerS)} new/s, ${countText(balancer.active)} active, ${bitsText(balancer.bytesOutPerS)} to clients${conntrack}`,
    ...missing.map(({ text }) => `${label("missing")}${printable(text)}`),
    ...findingLines(status, screen),
  ];
}

/** What on the host is in the way. */
function findingLines({ findings }: Hello["status"], screen: Screen): string[] {
  return findings.map(({ level, text, command }) => {
    const head = paint(level.padEnd(10), level === "problem" ? "bad" : "warn", screen);
    return `${head}${printable(text)}${command === null ? "" : `: ${printable(command)}`}`;
  });
}

const syncText = {
  "in-sync": "the kernel is as saved",
  applying: "a change is being applied",
  drift: "the kernel's rules differ from what was saved and are being repaired",
  unclaimed: "the kernel has rules of ours that the agent's state does not account for: an administrator decides",
} as const;

function farmDetail(one: VersionedFarm, row: FarmLive | undefined, screen: Screen): string[] {
  const { farm, version } = one;
  const word = row === undefined ? "" : `, ${row.word === "not-checked" ? "not checked" : row.word}`;
  const measured = row === undefined ? [] : farmNotes(row);
  const reasons = [row?.reason ?? null, ...(row?.hints ?? []), ...measured].filter((text) => text !== null);
  return [
    `${paint(farm.name, "strong", screen)} ${addressesText(farm)} ${serviceText(farm)}, ${farm.scheduler}, ${farm.forwarding}${word}, version ${version}`,
    ...reasons.map((text) => `  ${printable(text)}`),
    "",
    ...backendLines(one, row, screen),
  ];
}

function rowOf(rows: readonly FarmLive[], { farm }: VersionedFarm): FarmLive | undefined {
  return rows.find(({ farmId }) => farmId === farm.id);
}

function statusJson(hello: Hello, farms: readonly VersionedFarm[], one: VersionedFarm | undefined): unknown {
  const withLive = (each: VersionedFarm) => ({ ...each, live: rowOf(hello.farms, each) ?? null });
  if (one !== undefined) return withLive(one);
  return { status: hello.status, balancer: hello.balancer, farms: farms.map(withLive) };
}
