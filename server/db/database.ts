/**
 * Opens the database: WAL, synchronous=FULL, migrated beforehand (prisma/deploy.mjs). Who needs a repository takes it from here.
 * `authStorage` is what server/auth hands to better-auth as its `database`; nothing else sees Prisma.
 */
import { prismaAdapter } from "better-auth/adapters/prisma";
import { ok, type Result } from "../core/result.ts";
import { createChangesRepository } from "./changes-repository.ts";
import { createEventsRepository } from "./events-repository.ts";
import { createFarmsRepository, takeSnapshot } from "./farms-repository.ts";
import { createLockoutsRepository } from "./lockouts-repository.ts";
import { createNotificationsRepository } from "./notifications-repository.ts";
import { createPeopleRepository } from "./people-repository.ts";
import { createQuietCopies } from "./quiet-copies.ts";
import type { Database } from "./repositories.ts";
import { createRevisionsRepository } from "./revisions-repository.ts";
import { createSessionsRepository } from "./sessions-repository.ts";
import { openStore } from "./store.ts";

export type OpenDatabase = Database & {
  readonly authStorage: unknown;
  /** The file this was opened on is gone or another one: open anew. */
  isLost(): boolean;
};

export type DatabaseOptions = {
  /** file:/absolute/path.db */
  readonly url: string;
  readonly balancerId?: string;
  /** calls back later; gives what takes it back */
  readonly after?: (ms: number, task: () => void) => () => void;
};

/** The one balancer of a web process for now. */
const defaultBalancerId = "local";

/** The failure "storage" names what is wrong: no file, not migrated, read-only, locked. */
export async function openDatabase(options: DatabaseOptions): Promise<Result<OpenDatabase>> {
  const { url, balancerId = defaultBalancerId, after = timer } = options;
  const opened = await openStore(url, balancerId);
  if (!opened.ok) return opened;
  const store = opened.value;
  const copies = createQuietCopies({ copy: () => void takeSnapshot(store), after });
  return ok({
    farms: createFarmsRepository(store, copies),
    changes: createChangesRepository(store),
    revisions: createRevisionsRepository(store),
    events: createEventsRepository(store),
    people: createPeopleRepository(store),
    sessions: createSessionsRepository(store),
    lockouts: createLockoutsRepository(store),
    notifications: createNotificationsRepository(store),
    authStorage: prismaAdapter(store.authClient, { provider: "sqlite" }),
    isLost: store.isLost,
    close() {
      copies.stop();
      return store.close();
    },
  });
}

/** A process that has nothing else to do ends. */
function timer(ms: number, task: () => void): () => void {
  const running = setTimeout(task, ms).unref();
  return () => clearTimeout(running);
}
