/** The real outside of the use cases: database and agent as the environment names them. One per process. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { sharedDatabase } from "../db/shared-database.ts";
import { createHistory } from "../history/history.ts";
import { createPrometheus } from "../history/prometheus.ts";
import { log } from "../platform/log.ts";
import { webEnv } from "../platform/web-env.ts";
import type { Deps } from "./deps.ts";

/** 30 days of minutes of about 1,000 backends; of more, fewer days of minutes and 30 of hours */
const historyBytesMax = 1024 ** 3;

const slot = globalThis as unknown as { sluiceDeps?: Deps };

export function runtime(): Deps {
  slot.sluiceDeps ??= makeDeps();
  return slot.sluiceDeps;
}

function makeDeps(): Deps {
  const env = webEnv();
  return {
    database: () => sharedDatabase(env.databaseUrl),
    agent: createAgentLink({ socketPath: env.socketPath }),
    history: createHistory({
      path: join(env.dataDir, "history.db"),
      bytesMax: historyBytesMax,
      pause: () => nextTurn(),
      log,
    }),
    longHistory:
      env.prometheus === null
        ? null
        : createPrometheus({ ...env.prometheus, fetch: globalThis.fetch, nowMs: Date.now }),
    nowMs: Date.now,
    newId: randomUUID,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log,
  };
}
