/** Health checks and what follows from them in sentences, one a setting that changes. */
import type { Dynamic, LoadSource } from "../farm/dynamic.ts";
import type { Failover } from "../farm/failover.ts";
import { defaultFailover } from "../farm/failover.ts";
import type { HealthCheck } from "../farm/health-check.ts";
import type { MaintenanceWindow } from "../farm/maintenance-window.ts";
import type { Outlier } from "../farm/outlier.ts";
import type { Backend, Farm } from "../farm/types.ts";
import { canonicalJson } from "./digest.ts";

/** Windows named one by one up to this many, then counted. */
const windowsShown = 6;

export function checkSentences({ healthCheck: before }: Farm, { healthCheck: after }: Farm): string[] {
  if (after === null) return ["Backends are no longer checked: each gets its share whether it answers or not"];
  if (before === null) return [`Backends are checked: ${checkText(after)}`];
  const changed = checkChanges(before, after);
  return [
    before.type === after.type && changed.length <= 3
      ? `The health check: ${changed.join(", ")}`
      : `Backends are checked otherwise: ${checkText(after)}`,
  ];
}

export function onDownSentence({ onDown }: Farm): string {
  return onDown === "cut"
    ? "Open TCP connections of a backend that goes down are cut"
    : "Open TCP connections of a backend that goes down are kept";
}

/** Every setting has its sentence: a new one does not compile until it is here. */
const failoverTexts: { readonly [Key in keyof Failover]: (after: Failover) => string } = {
  slowStartS: ({ slowStartS }) =>
    slowStartS === 0
      ? "A backend that comes up gets its whole share at once"
      : `A backend that comes up gets its share little by little, the whole after ${slowStartS} s`,
  panicPct: ({ panicPct }) =>
    panicPct === 100
      ? "The checks are believed however many backends fail"
      : `When more than ${panicPct} % of the backends fail at once, the checks are not believed`,
  quorum: ({ quorum }) =>
    quorum === 1
      ? "The farm serves as long as one backend can"
      : `The farm counts as down with fewer than ${quorum} backends that can serve`,
  flapChanges: ({ flapChanges }) =>
    flapChanges === 0
      ? "A backend that goes up and down is never held back"
      : `A backend that changes its state ${flapChanges} times in 10 minutes comes back later and later`,
};
const failoverOrder = Object.keys(failoverTexts) as (keyof Failover)[];

export function failoverSentences({ failover: before }: Pick<Farm, "failover">, { failover: after }: Farm): string[] {
  return failoverOrder.flatMap((key) => (before[key] === after[key] ? [] : [failoverTexts[key](after)]));
}

export function outlierSentence({ outlier }: Farm): string {
  return outlier === null ? "Real traffic takes nobody out any more" : outlierText(outlier);
}

export function dynamicSentences({ dynamic: before }: Farm, { dynamic: after, scheduler }: Farm): string[] {
  const isOtherBound = before.floorPct !== after.floorPct || before.ceilingPct !== after.ceilingPct;
  const isOtherLoad = canonicalJson(before.load) !== canonicalJson(after.load);
  const isUnread = after.load !== null && scheduler !== "least-load";
  return [
    ...(isOtherBound ? [boundsText(after)] : []),
    ...(isOtherLoad
      ? [isUnread ? `${loadText(after.load)}, once the farm goes by least-load` : loadText(after.load)]
      : []),
  ];
}

export function drainDeadlineSentence({ drainDeadlineS }: Farm): string {
  return drainDeadlineS === null
    ? "What is left on a draining backend is never cut by itself"
    : `What is left on a draining backend is cut after ${durationText(drainDeadlineS)}`;
}

export function windowSentences(before: Farm, after: Farm): string[] {
  const key = (window: MaintenanceWindow) => canonicalJson(window);
  const had = new Set(before.maintenanceWindows.map(key));
  const has = new Set(after.maintenanceWindows.map(key));
  const added = after.maintenanceWindows.filter((window) => !had.has(key(window)));
  const gone = before.maintenanceWindows.filter((window) => !has.has(key(window)));
  const all = [
    ...added.map((window) => `Maintenance is planned: ${windowText(window)}`),
    ...gone.map((window) => `No longer planned: maintenance of ${windowText(window)}`),
  ];
  const rest = all.length - windowsShown;
  if (all.length === 0) return ["The maintenance windows stand in another order"];
  return rest > 0 ? [...all.slice(0, windowsShown), `${rest} more maintenance windows change`] : all;
}

/** Of one backend, as a part of its sentence. */
export function ownCheckText({ healthCheck }: Backend): string {
  return healthCheck === null ? "is checked as the farm says" : `is checked in its own way: ${checkText(healthCheck)}`;
}

/** What a new farm does about backends that fail, where it is not the usual. */
export function checkFarmSentences(farm: Farm): string[] {
  const usual = { failover: defaultFailover };
  return [
    farm.healthCheck === null
      ? "Backends are not checked: each gets its share whether it answers or not"
      : `Backends are checked: ${checkText(farm.healthCheck)}`,
    ...(farm.onDown === "cut" ? [onDownSentence(farm)] : []),
    ...failoverSentences(usual, farm),
    ...(farm.outlier === null ? [] : [outlierSentence(farm)]),
    ...(farm.drainDeadlineS === null ? [] : [drainDeadlineSentence(farm)]),
    ...(farm.dynamic.load === null || farm.scheduler !== "least-load" ? [] : [loadText(farm.dynamic.load)]),
  ];
}

/** "HTTP GET /health every 2 s" */
export function checkBrief(check: HealthCheck): string {
  return `${targetText(check)} every ${spanText(check.intervalMs)}`;
}

/** "HTTP GET /health every 2 s, down after 3 bad checks, up after 2 good ones". */
export function checkText(check: HealthCheck): string {
  const { rise, fall } = check;
  const bad = fall === 1 ? "1 bad check" : `${fall} bad checks`;
  return `${checkBrief(check)}, down after ${bad}, up after ${rise} good ${rise === 1 ? "one" : "ones"}`;
}

function targetText(check: HealthCheck): string {
  const at = "port" in check && check.port !== null && check.type !== "agent" ? ` at port ${check.port}` : "";
  switch (check.type) {
    case "ping":
      return "ping";
    case "tcp":
      return `a TCP connection${at}`;
    case "tls":
      return `a TLS handshake${at}`;
    case "http":
    case "https":
      return `${check.type.toUpperCase()} ${check.method} ${check.path}${at}`;
    case "udp":
      return `a UDP datagram${at}`;
    case "dns":
      return `a DNS query for ${check.name} ${check.recordType}${at}`;
    case "grpc":
      return `gRPC health${check.service === "" ? "" : ` of ${check.service}`}${at}`;
    case "agent":
      return `agent-check at port ${check.port}`;
    case "external":
      return `the program ${check.command}${at}`;
  }
}

const changeNames: Readonly<Record<string, string>> = {
  intervalMs: "every",
  fastIntervalMs: "every, while a state is changing,",
  timeoutMs: "timeout",
  statuses: "good statuses",
  text: "text in the answer",
  host: "Host header",
  bodyBytesMax: "bytes read",
  serverName: "server name",
  warnDays: "days of warning",
  recordType: "record type",
};

function checkChanges(before: HealthCheck, after: HealthCheck): string[] {
  const was: Readonly<Record<string, unknown>> = before;
  return Object.entries(after).flatMap(([key, value]) => {
    if (canonicalJson(was[key]) === canonicalJson(value)) return [];
    const [old, now] = [valueText(key, was[key]), valueText(key, value)];
    // lists and spans of time: "200-399 to 200" would read as one more range
    return [`${changeNames[key] ?? key} ${old === now ? "otherwise" : `${now} instead of ${old}`}`];
  });
}

function valueText(key: string, value: unknown): string {
  if (key === "headers" && Array.isArray(value)) return value.length === 1 ? "1 line" : `${value.length} lines`;
  if (Array.isArray(value)) return value.join(" ");
  if (value === null || value === undefined || value === "") return "none";
  if (typeof value === "boolean") return value ? "on" : "off";
  return key.endsWith("Ms") && typeof value === "number" ? spanText(value) : String(value);
}

function outlierText({ failedPct, windowS, holdS, opensMin, ejectedPctMax }: Outlier): string {
  return `A backend that fails ${failedPct} % of at least ${opensMin} opens in ${windowS} s is taken out for ${holdS} s, and longer each time; at most ${ejectedPctMax} % of the farm at once`;
}

function boundsText({ floorPct, ceilingPct }: Dynamic): string {
  return `Measured weights stay between ${floorPct} % and ${ceilingPct} % of the administrator's`;
}

function loadText(load: LoadSource | null): string {
  if (load === null) return "The load of backends is not read: least-load leaves their weights fixed";
  if (load.type === "node-exporter")
    return `The load of backends is read from node_exporter at port ${load.port}, ${load.path}`;
  const source = load.type === "snmp" ? "by SNMP" : "by agent-check";
  return `The load of backends is read ${source} at port ${load.port}`;
}

function windowText({ backend, startsAt, endsAt, note }: MaintenanceWindow): string {
  return `${backend ?? "all backends"} from ${startsAt} to ${endsAt}${note === "" ? "" : ` (${note})`}`;
}

function spanText(ms: number): string {
  return ms % 100 === 0 && ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}

function durationText(seconds: number): string {
  return seconds >= 120 && seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} s`;
}
