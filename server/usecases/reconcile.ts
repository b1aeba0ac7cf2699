/**
 * Makes database and agent agree after whatever happened to either: missing journal entries are inserted, a lost side is filled from
 * the other one as a new epoch, and when both changed the agent wins and what is lost thereby stays as a refused Change.
 * Every step may be the last one before a kill: each leaves a state from which the next run goes on.
 */
import { isDeepStrictEqual } from "node:util";
import type { Operation } from "../core/change/operation.ts";
import type { ListView } from "../core/change/views.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import type { Farm } from "../core/farm/types.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Database, Position } from "../db/repositories.ts";
import type { AgentStatus, FarmsAnswer } from "../wire/agent.ts";
import type { Deps } from "./deps.ts";
import { catchUp, eventOf } from "./record-revision.ts";
import { settleChanges } from "./settle-changes.ts";

export type Reconciled =
  | "in-sync"
  | "caught-up"
  | "re-seeded"
  | "imported"
  /** the kernel has our tables, and the agent nothing or not all of it: an administrator decides */
  | "unclaimed";

export async function reconcile(deps: Deps): Promise<Result<Reconciled>> {
  const opened = await deps.database();
  if (!opened.ok) return opened;
  const database = opened.value;
  const places = await readPlaces(database, deps);
  if (!places.ok) return places;
  const reconciled = await agree(places.value, database, deps);
  const settled = await settleChanges(database, deps);
  if (!reconciled.ok) return reconciled;
  return settled.ok ? reconciled : settled;
}

/** Where the database and the agent stand. */
type Places = { readonly here: Position; readonly agent: AgentStatus };

/** The position first: read after the agent's status, a change in between would look like a database ahead of its agent. */
async function readPlaces(database: Database, deps: Deps): Promise<Result<Places>> {
  const here = await database.farms.position();
  if (!here.ok) return here;
  const agent = await deps.agent.status();
  return agent.ok ? ok({ here: here.value, agent: agent.value }) : agent;
}

const system = { id: "system", name: "Sluice" } as const;
const givenText = "The farms were given to the agent";
const givenAgainText = "The agent had lost its farms; they were given to it again";
const confirmMs = 500;
/** leftovers of more farms than this are named in the log, not kept */
const leftoversMax = 200;

async function agree(places: Places, database: Database, deps: Deps): Promise<Result<Reconciled>> {
  const { here, agent } = places;
  const isLeftAlone = agent.sync === "unclaimed" && !agent.host.lab;
  if (isSame(here, agent)) return ok(isLeftAlone ? "unclaimed" : "in-sync");
  const agentIsEmpty = agent.epoch <= 1 && agent.n === 0 && agent.farms === 0;
  const databaseIsEmpty = await isEmpty(here, database);
  if (!databaseIsEmpty.ok) return databaseIsEmpty;
  if (agentIsEmpty && databaseIsEmpty.value) return ok("in-sync");
  if (agentIsEmpty) {
    return isLeftAlone ? ok("unclaimed") : seedFromDatabase(here, database, deps);
  }
  // what it has is not all that the kernel carries: neither followed nor taken for the truth
  if (isLeftAlone && !(await isAncestor(agent, here, database))) return ok("unclaimed");
  // farms that stand at n 0 are no revision of the agent's: its journal does not lead on from them
  if (agent.epoch === here.epoch && agent.n > here.n && (here.n > 0 || databaseIsEmpty.value)) {
    const caughtUp = await catchUp(database, deps);
    if (caughtUp.ok) return ok("caught-up");
    if (caughtUp.error.code !== "conflict") return caughtUp;
  }
  if (databaseIsEmpty.value) return importFromAgent("Taken over from the agent", database, deps);
  const isCountedAnew = await takeDigest(places, database, deps);
  if (!isCountedAnew.ok) return isCountedAnew;
  if (isCountedAnew.value) return ok("in-sync");
  if (!(await isStill(places, database, deps))) return fail("busy", "The farms are being changed", { retry: true });
  if (agent.isIncomplete || (await isAncestor(agent, here, database))) return giveAll(places, database, deps);
  return agentWins(agent, here, database, deps);
}

/**
 * At the same revision with the same farms, and yet another digest: it was counted by an earlier version, whose farms had fewer fields.
 * The database takes the agent's; its history goes on.
 */
async function takeDigest({ here, agent }: Places, database: Database, deps: Deps): Promise<Result<boolean>> {
  const { epoch, n, digest } = agent;
  if (epoch !== here.epoch || n !== here.n || n === 0) return ok(false);
  const theirs = await deps.agent.farms();
  if (!theirs.ok) return theirs;
  if (theirs.value.epoch !== epoch || theirs.value.n !== n) return ok(false);
  const different = await differences(theirs.value, database);
  if (!different.ok) return different;
  if (different.value.length > 0) return ok(false);
  const agreed = await database.farms.agreeOn({ epoch, n, digest });
  return agreed.ok ? ok(true) : agreed;
}

/** What follows gives up one side's work: not for a moment's impression while changes are under way. */
async function isStill({ here, agent }: Places, database: Database, deps: Deps): Promise<boolean> {
  await deps.wait(confirmMs);
  const now = await readPlaces(database, deps);
  if (!now.ok) return false;
  const place = ({ epoch, n, digest }: Position) => `${epoch} ${n} ${digest}`;
  return place(now.value.here) === place(here) && place(now.value.agent) === place(agent);
}

function isSame(here: Position, agent: AgentStatus): boolean {
  return here.epoch === agent.epoch && here.n === agent.n && here.digest === agent.digest;
}

async function isEmpty(here: Position, database: Database): Promise<Result<boolean>> {
  if (here.epoch > 1 || here.n > 0) return ok(false);
  const farms = await database.farms.list();
  if (!farms.ok || farms.value.length > 0) return farms.ok ? ok(false) : farms;
  const lists = await database.farms.lists();
  return lists.ok ? ok(lists.value.length === 0) : lists;
}

/** Farms that no agent ever had, as the lab's first ones. */
function isBeforeFirst(here: Position): boolean {
  return here.epoch === 1 && here.n === 0;
}

/** The agent stands where the database once stood: it lost its tail, and the database lost nothing. */
async function isAncestor(agent: AgentStatus, here: Position, database: Database): Promise<boolean> {
  const isOlder = agent.epoch < here.epoch || (agent.epoch === here.epoch && agent.n < here.n);
  if (!isOlder || agent.n === 0) return false;
  const revision = await database.revisions.get(agent.epoch, agent.n);
  return revision.ok && revision.value.digest === agent.digest;
}

/** The database's farms become the agent's next epoch, as an administrator decided. */
export async function giveFarms(database: Database, deps: Deps): Promise<Result<Reconciled>> {
  const places = await readPlaces(database, deps);
  return places.ok ? giveAll(places.value, database, deps) : places;
}

/** After whatever either side has counted, for no number comes twice. */
function giveAll({ here, agent }: Places, database: Database, deps: Deps): Promise<Result<Reconciled>> {
  const at = { epoch: Math.max(here.epoch, agent.epoch), n: Math.max(here.n, agent.n) };
  return seedFromDatabase({ ...here, ...at }, database, deps);
}

async function seedFromDatabase(here: Position, database: Database, deps: Deps): Promise<Result<Reconciled>> {
  const farms = await database.farms.list();
  if (!farms.ok) return farms;
  const lists = await database.farms.lists();
  if (!lists.ok) return lists;
  const isFirst = isBeforeFirst(here);
  const seeded = await seed(
    { farms: farms.value.map(({ farm }) => farm), lists: lists.value.map(({ list }) => list) },
    isFirst ? here : nextEpoch(here),
    deps,
  );
  if (!seeded.ok) return seeded;
  const imported = await importFromAgent(isFirst ? givenText : givenAgainText, database, deps);
  return imported.ok ? ok("re-seeded") : imported;
}

function nextEpoch({ epoch, n }: Position): Pick<Position, "epoch" | "n"> {
  return { epoch: epoch + 1, n };
}

/** `at.n`: the last known number. Versions go on from there: a page that stayed open since the epoch before has none of the new ones. */
async function seed(
  { farms, lists }: { readonly farms: readonly Farm[]; readonly lists: readonly NamedList[] },
  at: Pick<Position, "epoch" | "n">,
  deps: Deps,
): Promise<Result<null>> {
  const request = {
    uuid: deps.newId(),
    actor: system,
    epoch: at.epoch,
    after: at.n,
    farms: [...farms],
    lists: [...lists],
  };
  const answer = await deps.agent.seed(request);
  if (!answer.ok) return answer;
  if (answer.value.outcome === "applied") return ok(null);
  if (answer.value.outcome === "refused") return { ok: false, error: { ...answer.value.error, detail: "seed" } };
  // applied later, the agent is ahead of the database by an epoch: the next run imports it
  return fail("outcome-unknown", "The agent has not said yet whether it took the farms", { retry: true });
}

async function agentWins(
  agent: AgentStatus,
  here: Position,
  database: Database,
  deps: Deps,
): Promise<Result<Reconciled>> {
  const theirs = await deps.agent.farms();
  if (!theirs.ok) return theirs;
  const kept = await keepLeftovers(theirs.value, database, deps);
  if (!kept.ok) return kept;
  // killed after the first farms were given, before that was written down: nothing is lost and no number came twice
  if (isBeforeFirst(here) && kept.value === 0) return importFromAgent(givenText, database, deps);
  // a revision number of the database's own past must not come twice: the agent's farms become a new epoch
  if (agent.epoch <= here.epoch) {
    const seeded = await seed(
      {
        farms: theirs.value.farms.map(({ farm }) => farm),
        lists: theirs.value.lists.map(({ list }) => list),
      },
      nextEpoch(here),
      deps,
    );
    if (!seeded.ok) return seeded;
  }
  return importFromAgent("Both sides had changed; the agent's farms were kept", database, deps);
}

/** What only the database has becomes a refused Change, to be opened in the editor. Answers how many operations. */
async function keepLeftovers(theirs: FarmsAnswer, database: Database, deps: Deps): Promise<Result<number>> {
  const different = await differences(theirs, database);
  if (!different.ok) return different;
  const operations = different.value;
  if (operations.length === 0) return ok(0);
  deps.log("leftovers", { operations: operations.length });
  const uuid = deps.newId();
  const text = "Saved before, but the agent's farms were kept: apply again what is still wanted";
  const change = { uuid, actor: system, operations: operations.slice(0, leftoversMax), text, at: deps.nowMs() };
  const begun = await database.changes.begin(change);
  if (!begun.ok) return begun;
  const refused = await database.changes.refuse(uuid, text);
  return refused.ok ? ok(operations.length) : refused;
}

/** What would make the agent's farms and lists the database's. */
async function differences(theirs: FarmsAnswer, database: Database): Promise<Result<Operation[]>> {
  const ours = await database.farms.list();
  if (!ours.ok) return ours;
  const ourLists = await database.farms.lists();
  if (!ourLists.ok) return ourLists;
  const farms = ours.value.map(({ farm }) => farm);
  return ok([...listLeftovers(ourLists.value, theirs), ...leftovers(farms, theirs)]);
}

function leftovers(ours: readonly Farm[], theirs: FarmsAnswer): Operation[] {
  const there = new Map(theirs.farms.map((each) => [each.farm.id, each]));
  const operations: Operation[] = [];
  for (const farm of ours) {
    const other = there.get(farm.id);
    there.delete(farm.id);
    if (other === undefined || !isDeepStrictEqual(other.farm, farm))
      operations.push({ type: "put-farm", base: other?.version ?? null, farm });
  }
  for (const [farmId, { version }] of there) operations.push({ type: "remove-farm", base: version, farmId });
  return operations;
}

function listLeftovers(ours: readonly ListView[], theirs: FarmsAnswer): Operation[] {
  const there = new Map(theirs.lists.map((each) => [each.list.id, each]));
  const operations: Operation[] = [];
  for (const { list } of ours) {
    const other = there.get(list.id);
    there.delete(list.id);
    if (other === undefined || !isDeepStrictEqual(other.list, list))
      operations.push({ type: "put-list", base: other?.version ?? null, list });
  }
  for (const [listId, { version }] of there) operations.push({ type: "remove-list", base: version, listId });
  return operations;
}

async function importFromAgent(sentence: string, database: Database, deps: Deps): Promise<Result<Reconciled>> {
  const status = await deps.agent.status();
  if (!status.ok) return status;
  const farms = await deps.agent.farms();
  if (!farms.ok) return farms;
  const { epoch, n, lists } = farms.value;
  // a change between the two answers: the next run sees both at the same place
  if (epoch !== status.value.epoch || n !== status.value.n)
    return fail("busy", "The agent is being changed right now", { retry: true });
  const { digest } = status.value;
  const state = { epoch, n, uuid: deps.newId(), actor: system, at: deps.nowMs(), digest, sentences: [sentence] };
  const event = eventOf({ ...state, peerUid: null, operations: [] });
  const imported = await database.farms.importState({ ...state, farms: farms.value.farms, lists }, event);
  return imported.ok ? ok("imported") : imported;
}
