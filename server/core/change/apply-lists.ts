/**
 * The named lists of the desired state and what a change makes of them. A list's version is the n of the last revision that touched it.
 * Invariants: names are unique; a name that a farm refers to is there. Nothing here is changed in place.
 */
import { joinPath, within } from "../farm/issues.ts";
import { limits } from "../farm/limits.ts";
import { listNamesOf, type NamedList, referenceIssues } from "../farm/named-list.ts";
import type { Farm } from "../farm/types.ts";
import { type Failure, type Issue, invalid, ok, type Result } from "../result.ts";
import type { ChangeActor } from "./actor.ts";
import { applyListOperation, listIdOf } from "./apply-operation.ts";
import { isListOperation, type Operation } from "./operation.ts";

export type DesiredList = {
  readonly list: NamedList;
  readonly version: number;
  readonly actor: ChangeActor | null;
  readonly at: number | null;
};

export type DesiredLists = ReadonlyMap<string, DesiredList>;

/** Both sides: what the writer based its change on, and what the list is now (null = it is not there). */
export type ListConflict = {
  readonly listId: string;
  readonly base: number | null;
  readonly version: number | null;
  readonly list: NamedList | null;
  readonly actor: ChangeActor | null;
  readonly at: number | null;
};

type Failed = { readonly ok: false; readonly error: Failure };
/** Says at which operation it failed. */
type InOperation = (failed: Failed, at: number) => Failed;
type FarmEntry = { readonly farm: Farm };

export function staleLists(lists: DesiredLists, operations: readonly Operation[]): ListConflict[] {
  const conflicts = new Map<string, ListConflict>();
  for (const operation of operations.filter(isListOperation)) {
    const listId = listIdOf(operation);
    const now = lists.get(listId) ?? null;
    if (operation.base === (now?.version ?? null)) continue;
    const { version, list, actor, at } = now ?? { version: null, list: null, actor: null, at: null };
    conflicts.set(listId, { listId, base: operation.base, version, list, actor, at });
  }
  return [...conflicts.values()];
}

/** The lists after the change, with all they need to be right among themselves; the same reference when no operation is about one. */
export function applyToLists(
  lists: DesiredLists,
  operations: readonly Operation[],
  entry: Omit<DesiredList, "list">,
  inOperation: InOperation,
): Result<DesiredLists> {
  if (!operations.some(isListOperation)) return ok(lists);
  const after = new Map(lists);
  for (const [at, operation] of operations.entries()) {
    if (!isListOperation(operation)) continue;
    const listId = listIdOf(operation);
    const applied = applyListOperation(after.get(listId)?.list ?? null, operation);
    if (!applied.ok) return inOperation(applied, at);
    if (applied.value === null) after.delete(listId);
    else after.set(listId, { list: applied.value, ...entry });
  }
  const owners = new Map<string, string>();
  for (const { list } of after.values()) {
    const owner = owners.get(list.name);
    owners.set(list.name, list.id);
    if (owner === undefined) continue;
    const at = operations.findLastIndex((each) => each.type === "put-list" && [owner, list.id].includes(each.list.id));
    return inOperation(invalid([{ path: "name", message: `There is a list ${list.name} already` }]), at);
  }
  if (after.size > limits.listsMax)
    return invalid([{ path: "", message: `At most ${limits.listsMax} lists; this would be ${after.size}` }]);
  return ok(after);
}

/** Names that a change takes away must not be in use; the farms are those after it. */
export function refuseLostNames(
  before: DesiredLists,
  after: DesiredLists,
  farms: ReadonlyMap<string, FarmEntry>,
  operations: readonly Operation[],
  inOperation: InOperation,
): Failed | null {
  if (before === after) return null;
  const names = new Set(Array.from(after.values(), ({ list }) => list.name));
  const lost = Array.from(before.values(), ({ list }) => list).filter(({ name }) => !names.has(name));
  if (lost.length === 0) return null;
  const users = usersOf(farms.values());
  for (const { id, name } of lost) {
    const farmNames = users.get(name);
    if (farmNames === undefined) continue;
    const at = operations.findLastIndex((each) => isListOperation(each) && listIdOf(each) === id);
    const path = operations[at]?.type === "put-list" ? "name" : "";
    return inOperation(invalid([{ path, message: `List ${name} is in use: ${namedFarms(farmNames)}` }]), at);
  }
  return null;
}

/** List name -> names of the farms that refer to it, sorted. */
export function usersOf(farms: Iterable<FarmEntry>): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { farm } of farms)
    for (const name of listNamesOf(farm)) {
      const known = users.get(name);
      if (known === undefined) users.set(name, [farm.name]);
      else known.push(farm.name);
    }
  for (const names of users.values()) names.sort();
  return users;
}

export function hasListNamed(lists: DesiredLists, name: string): boolean {
  for (const { list } of lists.values()) if (list.name === name) return true;
  return false;
}

/** Everything about lists that a whole state must satisfy. */
export function stateIssues(lists: readonly DesiredList[], farms: readonly FarmEntry[]): Issue[] {
  const names = new Set(lists.map(({ list }) => list.name));
  const issues = farms.flatMap(({ farm }, at) =>
    within(
      joinPath("farms", at),
      referenceIssues(farm, (name) => names.has(name)),
    ),
  );
  if (names.size < lists.length || new Set(lists.map(({ list }) => list.id)).size < lists.length)
    issues.push({ path: "lists", message: "A list is there twice" });
  if (lists.length > limits.listsMax)
    issues.push({ path: "lists", message: `At most ${limits.listsMax} lists; these are ${lists.length}` });
  return issues;
}

const namedMax = 5;

function namedFarms(names: readonly string[]): string {
  const rest = names.length - namedMax;
  const named = names.slice(0, namedMax).join(", ");
  return `${names.length === 1 ? "farm" : "farms"} ${named}${rest > 0 ? ` and ${rest} more` : ""}`;
}
