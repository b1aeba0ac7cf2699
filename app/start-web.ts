/** What the web process does besides answering requests: follow the agent, reconcile, keep events, end quickly. Once per process. */
import { authRuntime } from "@/server/auth/runtime.ts";
import { endLive, liveHub, startLive } from "@/server/live/live.ts";
import { watchIncomingRequests } from "@/server/platform/incoming-requests.ts";
import { log } from "@/server/platform/log.ts";
import { parseWebEnv, webEnv } from "@/server/platform/web-env.ts";
import { createCollector } from "@/server/usecases/collect-minutes.ts";
import { needsSetup } from "@/server/usecases/enter.ts";
import { notifyRuntime } from "@/server/usecases/notifications.ts";
import { createNotifier } from "@/server/usecases/notify-events.ts";
import { readKnownEvents } from "@/server/usecases/read-known-events.ts";
import { createReconciler } from "@/server/usecases/reconciler.ts";
import { runtime } from "@/server/usecases/runtime.ts";
import { createEventWriter } from "@/server/usecases/write-events.ts";

const slot = globalThis as unknown as { sluiceIsStarted?: boolean };
const reconcileEveryMs = 4000;
const flushEveryMs = 500;
const collectEveryMs = 10_000;
const notifyEveryMs = 1000;
const pruneSessionsEveryMs = 3600_000;
/** an answer that is under way may still be given; what is cut off here the reconciler settles at the next start */
const lastMs = 700;

export function startWeb(): void {
  if (slot.sluiceIsStarted === true) return;
  slot.sluiceIsStarted = true;
  const env = parseWebEnv(process.env);
  if (!env.ok) {
    process.stderr.write(`${env.error.text}\n`);
    process.exit(1);
  }
  watchIncomingRequests(webEnv().origins.some((origin) => origin.startsWith("https:")));
  followAgent();
  void needsSetup().then((setup) => {
    if (!setup.ok) log("setup-not-known", { detail: setup.error.detail ?? setup.error.text });
  });
  void pruneSessions();
  setInterval(() => void pruneSessions(), pruneSessionsEveryMs).unref();
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function followAgent(): void {
  const deps = runtime();
  const reconciler = createReconciler(deps);
  const collector = createCollector(deps);
  const events = createEventWriter(deps, (event) => liveHub().note(event));
  const notifier = createNotifier(notifyRuntime(deps));
  const learn = async () => {
    const known = await readKnownEvents(deps);
    if (known.ok) liveHub().learn(known.value, deps.nowMs());
  };
  startLive(deps.agent, {
    onLost: (text) => events.lose(text, deps.nowMs()),
    onMessage(message) {
      events.receive(message);
      // what happened while nobody listened is in the database only after that
      if (message.type === "hello") void reconciler.run().then(learn);
      if (message.type === "revision")
        void reconciler.reach(message.epoch, message.n).then(() => liveHub().announce(message));
    },
  });
  void learn();
  void reconciler.run();
  void collector.run();
  setInterval(() => void collector.run(), collectEveryMs).unref();
  setInterval(() => void reconciler.run(), reconcileEveryMs).unref();
  setInterval(() => void events.flush(), flushEveryMs).unref();
  setInterval(() => void notifier.run(), notifyEveryMs).unref();
}

/** Nobody asks for a session that ended; without this they would stay for ever. */
async function pruneSessions(): Promise<void> {
  const auth = await authRuntime();
  const pruned = auth.ok ? await auth.value.sessions.prune(auth.value.nowMs()) : auth;
  if (!pruned.ok) log("sessions-not-pruned", { detail: pruned.error.detail ?? pruned.error.text });
}

/** Next waits for open answers, and an event stream is one for as long as somebody looks. */
function stop(): void {
  endLive();
  setTimeout(() => process.exit(0), lastMs).unref();
}
