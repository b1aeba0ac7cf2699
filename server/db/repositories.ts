/**
 * What the database can do, in core's words. Prisma and its types stay inside this folder.
 * Every call answers a value: a database that is locked, read-only, missing or full is the failure "storage".
 * The repositories speak for one balancer, the one `openDatabase` was given.
 */
import type { ChangeActor } from "../core/change/actor.ts";
import type { Operation } from "../core/change/operation.ts";
import type { ChangeView, EventView, FarmView, ListView, Role } from "../core/change/views.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import type { Farm } from "../core/farm/types.ts";
import type { LiveEvent } from "../core/metrics/live.ts";
import type { LoggedEvent } from "../core/notify/notice.ts";
import type { Progress } from "../core/notify/progress.ts";
import type { Target } from "../core/notify/target.ts";
import type { Result } from "../core/result.ts";

/** Which revision the farm rows equal. epoch 1, n 0 and an empty digest before the first one. */
export type Position = { readonly epoch: number; readonly n: number; readonly digest: string };

/** One accepted change, as the agent answers or journals it. */
export type AcceptedRevision = {
  readonly epoch: number;
  readonly n: number;
  readonly uuid: string;
  readonly actor: ChangeActor;
  /** uid of the process that asked the agent; null when the change went through web */
  readonly peerUid: number | null;
  readonly at: number;
  readonly digest: string;
  readonly operations: readonly Operation[];
  readonly sentences: readonly string[];
};

export type StoredRevision = AcceptedRevision & { readonly farmIds: readonly string[] };

/** The whole desired state of the agent: a first sync, a re-seed as a new epoch, or a re-import. */
export type ImportedState = {
  readonly epoch: number;
  readonly n: number;
  readonly uuid: string;
  readonly actor: ChangeActor;
  readonly at: number;
  readonly digest: string;
  readonly sentences: readonly string[];
  readonly farms: readonly FarmView[];
  /** absent: none */
  readonly lists?: readonly ListView[];
};

export type StoredFarm = FarmView;
export type StoredList = ListView;

export type FarmsRepository = {
  list(): Promise<Result<StoredFarm[]>>;
  /** code "not-found" when there is no such farm */
  get(farmId: string): Promise<Result<StoredFarm>>;
  /** the named lists, by name */
  lists(): Promise<Result<StoredList[]>>;
  /** code "not-found" when there is no such list */
  getList(listId: string): Promise<Result<StoredList>>;
  position(): Promise<Result<Position>>;
  /**
   * In one transaction: the operations are replayed on the farm and list rows, the Revision row is written, the Change row (if any) becomes
   * applied. Idempotent by (epoch, n): "already" when the revision is there. A revision that does not follow the position is the failure
   * "conflict": take the missing ones from the agent's journal first. `event` is the revision's line in the log, written with it.
   */
  accept(revision: AcceptedRevision, event?: NewEvent): Promise<Result<"accepted" | "already">>;
  /**
   * In one transaction: all farm and list rows become the given ones, the position moves, a Revision row with a full snapshot marks it, and
   * `event`, its line in the log, is written.
   */
  importState(state: ImportedState, event?: NewEvent): Promise<Result<null>>;
  /** The rows at this place have this digest from now on; nothing when the place is another one by now. */
  agreeOn(position: Position): Promise<Result<null>>;
};

type NewChange = {
  readonly uuid: string;
  readonly actor: ChangeActor;
  readonly operations: readonly Operation[];
  /** one line for people: what was asked */
  readonly text: string;
  readonly at: number;
};

export type ChangeState = "applying" | "applied" | "refused";

export type StoredChange = ChangeView & { readonly actor: ChangeActor };

export type ChangesRepository = {
  /** Written before the agent is asked. */
  begin(change: NewChange): Promise<Result<null>>;
  /** The agent said no, or the change lost against another one: its operations stay, to be opened in the editor. */
  refuse(uuid: string, text: string): Promise<Result<null>>;
  stateOf(uuid: string): Promise<Result<ChangeState | null>>;
  /** Changes whose outcome is not known yet, oldest first. */
  applying(): Promise<Result<StoredChange[]>>;
  /** Applying and refused ones, newest first. */
  list(query: { readonly farmId?: string; readonly limit: number }): Promise<Result<StoredChange[]>>;
  /** A refused change that nobody wants any more. */
  discard(uuid: string): Promise<Result<null>>;
};

/** A farm at a revision. */
export type FarmPlace = { readonly epoch: number; readonly n: number; readonly farmId: string };

export type RevisionsRepository = {
  /** Newest first; those of a farm are the ones that changed it, and imports that brought it. */
  list(query: {
    readonly farmId?: string;
    readonly before?: { readonly epoch: number; readonly n: number };
    readonly limit: number;
  }): Promise<Result<StoredRevision[]>>;
  get(epoch: number, n: number): Promise<Result<StoredRevision>>;
  /** The farm as it was just before and just after that revision; null = it did not exist. */
  farmAround(
    epoch: number,
    n: number,
    farmId: string,
  ): Promise<Result<{ readonly before: Farm | null; readonly after: Farm | null }>>;
  /** The same for a named list. */
  listAround(
    epoch: number,
    n: number,
    listId: string,
  ): Promise<Result<{ readonly before: NamedList | null; readonly after: NamedList | null }>>;
  /**
   * The farm of each place just after that revision, an import's own farms too; null = it did not exist, undefined = the history does
   * not reach back that far.
   */
  farmsAfter(places: readonly FarmPlace[]): Promise<Result<readonly (Farm | null | undefined)[]>>;
};

export type NewEvent = {
  /** unique together when given: an event seen twice is stored once */
  readonly bootId: string | null;
  readonly seq: number | null;
  readonly at: number;
  readonly kind: LiveEvent["kind"] | "sign-in" | "people" | "notify";
  readonly farmId: string | null;
  readonly backendId: string | null;
  readonly text: string;
  readonly by: string | null;
};

/** Every given part must fit. */
export type EventsQuery = {
  /** part of its words */
  readonly text?: string;
  readonly farmId?: string;
  readonly kind?: NewEvent["kind"];
  /** a person's name; null = nobody, the agent itself */
  readonly by?: string | null;
  readonly fromMs?: number;
  readonly toMs?: number;
  /** never these */
  readonly withoutKinds?: readonly NewEvent["kind"][];
};

export type EventsRepository = {
  append(events: readonly NewEvent[]): Promise<Result<null>>;
  /** Newest first; `before` is the id of the oldest one already seen. */
  list(query: EventsQuery & { readonly before?: string; readonly limit: number }): Promise<Result<EventView[]>>;
  /** The newest ones of these kinds as they were appended, newest last. */
  newest(kinds: readonly NewEvent["kind"][], limit: number): Promise<Result<NewEvent[]>>;
  /** The newest number that is kept of one life of the agent; null = none is. */
  lastSeq(bootId: string): Promise<Result<number | null>>;
  /** Of one farm and of what has no farm, from a moment on: the newest ones, newest last. */
  since(query: {
    readonly kinds: readonly NewEvent["kind"][];
    readonly farmId: string;
    readonly sinceMs: number;
    readonly limit: number;
  }): Promise<Result<NewEvent[]>>;
  /** Keeps the newest `keep` events. */
  prune(keep: number): Promise<Result<number>>;
};

export type Person = {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: number;
};

export type PeopleRepository = {
  list(): Promise<Result<Person[]>>;
  count(): Promise<Result<{ readonly people: number; readonly admins: number }>>;
  /** code "not-found", or "invalid" when it would leave no administrator; the person's sessions end */
  setRole(id: string, role: Role): Promise<Result<null>>;
  /** code "not-found", or "invalid" when it would leave no administrator */
  remove(id: string): Promise<Result<null>>;
};

/** Who a session's token stands for. The role is the database's word; who asks says whether it knows it. */
type SessionRow = {
  readonly userId: string;
  readonly name: string;
  readonly role: string;
  readonly expiresAt: number;
};

export type SessionsRepository = {
  find(token: string): Promise<Result<SessionRow | null>>;
  /** removes those that ended by then; how many */
  prune(endedBefore: number): Promise<Result<number>>;
};

/** Counter of wrong passwords for one account name or one address; server/auth/lockout.ts says what it means. */
export type LockoutRow = { readonly failures: number; readonly lastAt: number; readonly lockedUntil: number | null };

export type LockoutsRepository = {
  get(key: string): Promise<Result<LockoutRow | null>>;
  /** insert or replace */
  put(key: string, row: LockoutRow): Promise<Result<null>>;
  /** no such row is not a failure */
  remove(key: string): Promise<Result<null>>;
  /** removes rows not touched since then */
  prune(lastAtBefore: number): Promise<Result<null>>;
};

export type NotificationsRepository = {
  targets(): Promise<Result<Target[]>>;
  /** A new target, and one that is enabled again, is told what happens from then on. Code "not-found" */
  save(
    target: Omit<Target, "cursor" | "progress" | "delivery">,
    how: { readonly isNew: boolean },
  ): Promise<Result<null>>;
  /** code "not-found" */
  remove(id: string): Promise<Result<null>>;
  /** oldest first */
  eventsAfter(id: number, limit: number): Promise<Result<LoggedEvent[]>>;
  /** Events that no target was told of and that needed it; newest first. */
  untold(query: {
    readonly kinds: readonly NewEvent["kind"][];
    readonly sinceMs: number;
    readonly limit: number;
  }): Promise<Result<LoggedEvent[]>>;
  /** How far the target has been told now; false = it was changed meanwhile and stays as it is. `okAt`: a message was taken. */
  keep(
    target: Pick<Target, "id" | "cursor">,
    told: {
      readonly after: { readonly cursor: number; readonly progress: Progress };
      readonly okAt?: number;
      readonly eventIds?: readonly number[];
      readonly silentIds?: readonly number[];
    },
  ): Promise<Result<boolean>>;
  /** The lease of whoever tells is this owner's until then; false = it is another's and not over. */
  hold(owner: string, nowMs: number, untilMs: number): Promise<Result<boolean>>;
  failed(
    id: string,
    failure: { readonly attempts: number; readonly nextAt: number; readonly at: number; readonly text: string },
  ): Promise<Result<null>>;
};

export type Database = {
  readonly farms: FarmsRepository;
  readonly changes: ChangesRepository;
  readonly revisions: RevisionsRepository;
  readonly events: EventsRepository;
  readonly people: PeopleRepository;
  readonly sessions: SessionsRepository;
  readonly lockouts: LockoutsRepository;
  readonly notifications: NotificationsRepository;
  close(): Promise<void>;
};
