/** The real outside of the use cases: database and agent as the environment names them. One per process. */
import { randomUUID } from "node:crypto";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { sharedDatabase } from "../db/shared-database.ts";
import { log } from "../platform/log.ts";
import { webEnv } from "../platform/web-env.ts";
import type { Deps } from "./deps.ts";

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
    nowMs: Date.now,
    newId: randomUUID,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    log,
  };
}
