/** Everything that makes one running agent, from the disk to the sockets. Returns when it serves. */
import { randomUUID } from "node:crypto";
import { hostname, release } from "node:os";
import { eventKindOf } from "../core/change/event-kind.ts";
import { noHost } from "../core/farm/host-view.ts";
import type { LiveEvent } from "../core/metrics/live.ts";
import { fail, ok } from "../core/result.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import { log as writeLog } from "../platform/log.ts";
import type { AgentStatus } from "../wire/agent.ts";
import { createApi } from "./api.ts";
import type { Accepted, TurnStep } from "./applier.ts";
import { type ApplySide, type OnCommit, openApplySide } from "./apply-side.ts";
import { allowedUids, serveCallers } from "./callers.ts";
import { type ConditionBook, createConditions } from "./conditions.ts";
import type { DriftReport } from "./drift-report.ts";
import { type EventFile, openEventFile } from "./event-file.ts";
import { createEvents, type Events } from "./events.ts";
import { createFarmRuleset } from "./farm-ruleset.ts";
import { featuresOf, metricsFeature, settingsOf } from "./features.ts";
import { withHostConsent } from "./host-consent.ts";
import { readTcpLoose } from "./host-facts.ts";
import { createHub, type Hub } from "./hub.ts";
import { type AgentLog, type KernelSide, openKernelSide } from "./kernel-side.ts";
import { createLinks, createPoke, readHostView } from "./links.ts";
import { type LiveSide, openLiveSide } from "./live-side.ts";
import { startLoop } from "./loops.ts";
import { createMetricsAnswer, serveMetrics } from "./metrics-answer.ts";
import { countingApplies, emptyHappened, type Happened, metricsPieces, noteEvent } from "./metrics-page.ts";
import { openOutOfService } from "./out-of-service.ts";
import type { State } from "./plan.ts";
import { createQuietPause } from "./quiet-pause.ts";
import { createRateLimit } from "./rate-limit.ts";
import { createStatus, type Feature } from "./status.ts";
import { createStickiness } from "./stickiness.ts";
import { createStream } from "./stream.ts";
import { applySysctls } from "./sysctls.ts";
import { createTurnQueue } from "./turn-queue.ts";

export type RunningAgent = { stop(): void };

const version = "0.1.0";
const eventTextMax = 300;
const farmEventsMax = 20;
/** between two of some hundred pieces of counters: longer than a change of weights, and no longer than a second's rates can wait for */
const counterPauseMaxMs = 10;

type Sides = { readonly kernelSide: KernelSide; readonly applySide: ApplySide; readonly liveSide: LiveSide };

/** `onStep` is for tests that end the process in the middle of a turn. */
export async function startAgent(
  env: AgentEnv,
  onStep: (step: TurnStep) => void = () => undefined,
): Promise<RunningAgent> {
  const log: AgentLog = (level, event, fields = {}) => writeLog(event, { level, part: "agent", ...fields });
  const startedAt = Date.now();
  const hub = createHub((event) => log("warn", event));
  const happened = emptyHappened();
  const bootId = randomUUID();
  const eventFile = openEventFile(env.dataDir, bootId);
  const events = createEvents(
    () => Date.now(),
    (event) => {
      noteEvent(happened, event.kind);
      eventFile.add(event);
      tell(event, hub, log);
    },
  );
  const conditions = createConditions(
    (error) => log("error", "conditions-failed", { error: String(error) }),
    (isTaken) => events.add({ kind: "agent", text: takenText(isTaken) }),
  );
  const { tag } = env;
  const settings = settingsOf(env, applySysctls(env.sysctls, events));
  const queue = createTurnQueue();
  const kernelSide = await openKernelSide(env, tag, events, createQuietPause(queue, counterPauseMaxMs), log);
  // before the first rules: farms with direct return would else stand without backends for a second
  conditions.host = (await readHostView(kernelSide.run)) ?? noHost;
  let opened: LiveSide | null = null;
  const onCommit: OnCommit = (before, after, accepted) => {
    announce(before, after, accepted, hub, events);
    if (accepted !== null) opened?.health.checks.follow(after, accepted.plan.touched);
  };
  let lastDrift: AgentStatus["drift"] = null;
  const onDrift = ({ text, lines }: DriftReport) => {
    happened.drifts += 1;
    lastDrift = { at: Date.now(), text, lines: [...lines] };
  };
  const onForeign = () => opened?.preflight.foreignWrite();
  const onCut = () => opened?.readConnections();
  const applySide = await openApplySide({
    env,
    tag,
    queue,
    kernelSide,
    events,
    conditions,
    onCommit,
    onDrift,
    onForeign,
    log,
    onStep,
    onCut,
  });
  await applySide.begin();
  const outOfService = await openOutOfService({ dataDir: env.dataDir, applySide, conditions, events, log });
  const sides = { env, tag, kernelSide, applySide, events, conditions, outOfService };
  const liveSide = await openLiveSide({ ...sides, send: hub.send, log });
  opened = liveSide;
  const links = followLinks({ conditions, kernelSide, applySide, events, log });
  const serving = await serve(
    { env, bootId, startedAt, hub, events, eventFile, happened, settings, lastDrift: () => lastDrift, log },
    { kernelSide, applySide, liveSide },
  );
  log("info", "agent-ready", { socket: env.socketPath, n: applySide.applier.state().desired.n });
  return {
    stop() {
      links.stop();
      serving.close();
      hub.close();
      outOfService.stop();
      liveSide.stop();
      kernelSide.stop();
    },
  };
}

type LinkSides = Pick<Sides, "kernelSide" | "applySide"> & {
  readonly conditions: ConditionBook;
  readonly events: Events;
  readonly log: AgentLog;
};

/** The links of direct return, each second. */
function followLinks({ conditions, kernelSide, applySide, events, log }: LinkSides): { stop(): void } {
  const { applier } = applySide;
  const { poke, close } = createPoke();
  const links = createLinks({
    run: kernelSide.run,
    state: applier.state,
    conditions,
    events,
    poke,
  });
  const loop = startLoop({
    name: "links",
    everyMs: () => 1000,
    round: () => links.round(),
    onError: (name, error) => log("error", "loop-failed", { name, error: String(error) }),
    monotonicMs: () => performance.now(),
  });
  return {
    stop() {
      loop.stop();
      close();
    },
  };
}

type Front = {
  readonly env: AgentEnv;
  /** of this life of the agent */
  readonly bootId: string;
  readonly startedAt: number;
  readonly hub: Hub;
  readonly events: Events;
  readonly eventFile: EventFile;
  readonly happened: Happened;
  /** what the host's configuration asked for, and what became of it */
  readonly settings: readonly Feature[];
  readonly lastDrift: () => AgentStatus["drift"];
  readonly log: AgentLog;
};

async function serve(front: Front, sides: Sides) {
  const { env, startedAt, hub, events, eventFile, happened, lastDrift, log } = front;
  const { kernelSide, applySide, liveSide } = sides;
  const metrics = metricsAnswer(front, sides);
  const scraping = env.metricsAddress === null ? null : await serveMetrics(env.metricsAddress, metrics);
  const settings = [...front.settings, ...metricsFeature(env.metricsAddress, scraping?.problem ?? null)];
  const { netlink } = kernelSide;
  const status = createStatus({
    version,
    bootId: front.bootId,
    startedAt,
    now: () => Date.now(),
    applier: applySide.applier,
    isIncomplete: applySide.isIncomplete,
    proberPid: liveSide.proberPid,
    host: { hostname: hostname(), kernel: release(), nft: kernelSide.nftVersion, lab: env.isLab },
    features: () => [...featuresOf(sides), ...settings],
    conntrackMax: liveSide.conntrackMax,
    findings: liveSide.preflight.findings,
    lastDrift,
    agentPid: process.pid,
  });
  const { live } = liveSide;
  const api = createApi({
    applier: withHostConsent(countingApplies(applySide.applier, happened), { ...env, tcpLoose: readTcpLoose }),
    history: applySide.history,
    rates: createRateLimit(env, () => performance.now()),
    status,
    ruleset: createFarmRuleset({ run: kernelSide.run, state: applySide.applier.state, now: () => Date.now() }),
    monitor: liveSide.monitor,
    series: (farmId, fromMs, toMs) => {
      const series = liveSide.series.read(farmId, fromMs, toMs);
      return series === null ? fail("not-found", "There is no such farm.") : ok(series);
    },
    minutes: liveSide.minutes.answer,
    stickiness: createStickiness({ reader: kernelSide.reader, state: applySide.applier.state }),
    pause: applySide.pause,
    metrics,
    openStream: createStream({
      hub,
      status,
      balancer: live.balancer,
      rows: live.rows,
      events: events.newest,
      former: eventFile.former,
    }),
    now: () => Date.now(),
    log,
  });
  const serving = await serveCallers(env.socketPath, api, {
    peerUid: netlink === null ? null : netlink.peerUid,
    allowed: allowedUids(env.allowedUids, process.getuid?.() ?? 0),
  });
  return {
    close() {
      scraping?.close();
      serving.close();
    },
  };
}

function metricsAnswer({ happened }: Front, { kernelSide, applySide, liveSide }: Sides) {
  const source = {
    versions: { agent: version, kernel: release(), nft: kernelSide.nftVersion },
    applier: applySide.applier,
    balancer: liveSide.live.balancer,
    measured: liveSide.live.measured,
    happened,
    hasProber: () => liveSide.proberPid() !== null,
    isProberSilent: liveSide.isProberSilent,
  };
  return createMetricsAnswer(
    () => metricsPieces(source),
    applySide.pause,
    () => performance.now(),
  );
}

function takenText(isTaken: boolean): string {
  return isTaken
    ? "The kernel takes changes of who serves again"
    : "The kernel did not take a change of who serves: backends that are out may still be sent clients. It is tried each second";
}

function tell(event: LiveEvent, hub: Hub, log: AgentLog): void {
  log("info", "event", { kind: event.kind, text: event.text, farmId: event.farmId });
  hub.send({ type: "event", event });
}

/** A revision is told to the stream's readers, and stays as an event of each of its farms: charts mark the moment. */
function announce(before: State, after: State, accepted: Accepted | null, hub: Hub, events: Events): void {
  const { epoch, n } = after.desired;
  if (accepted === null || (epoch === before.desired.epoch && n === before.desired.n)) return;
  const { touched } = accepted.plan;
  hub.send({ type: "revision", epoch, n, farmIds: [...touched] });
  const words = touched.length > 1 ? "" : accepted.sentences.join("; ").slice(0, eventTextMax);
  const text = words === "" ? `Revision ${n}` : `Revision ${n}: ${words}`;
  const kind = eventKindOf(accepted.operations);
  for (const farmId of touched.slice(0, farmEventsMax)) events.add({ kind, text, farmId, revision: n });
}
