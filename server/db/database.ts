/**
 * Opens the database: WAL, synchronous=FULL, migrated beforehand (prisma/deploy.mjs). Who needs a repository takes it from here.
 * `authStorage` is what server/auth hands to better-auth as its `database`; nothing else sees Prisma.
 */
import { prismaAdapter } from "better-auth/adapters/prisma";
import { ok, type Result } from "../core/result.ts";
import { createChangesRepository } from "./changes-repository.ts";
import { createEventsRepository } from "./events-repository.ts";
import { createFarmsRepository } from "./farms-repository.ts";
import { createLockoutsRepository } from "./lockouts-repository.ts";
import { createNotificationsRepository } from "./notifications-repository.ts";
import { createPeopleRepository } from "./people-repository.ts";
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
};

/** The one balancer of a web process for now. */
const defaultBalancerId = "local";

/** The failure "storage" names what is wrong: no file, not migrated, read-only, locked. */
export async function openDatabase(options: DatabaseOptions): Promise<Result<OpenDatabase>> {
  const opened = await openStore(options.url, options.balancerId ?? defaultBalancerId);
  if (!opened.ok) return opened;
  const store = opened.value;
  return ok({
    farms: createFarmsRepository(store),
    changes: createChangesRepository(store),
    revisions: createRevisionsRepository(store),
    events: createEventsRepository(store),
    people: createPeopleRepository(store),
    sessions: createSessionsRepository(store),
    lockouts: createLockoutsRepository(store),
    notifications: createNotificationsRepository(store),
    authStorage: prismaAdapter(store.authClient, { provider: "sqlite" }),
    isLost: store.isLost,
    close: store.close,
  });
}
