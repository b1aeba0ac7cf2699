/** Permission, parse, change: what every change of one farm or list has in common. */
import type { Actor } from "../auth/actor.ts";
import type { Verb } from "../auth/can.ts";
import type { Operation, OperationType } from "../core/change/operation.ts";
import type { ChangeOutcome } from "../core/change/outcome.ts";
import { applyChange } from "./apply-change.ts";
import type { Deps } from "./deps.ts";
import { fromFailure } from "./outcome.ts";
import { parseOperation } from "./parse-operations.ts";
import { permit } from "./permit.ts";

export async function changeFarm(
  actor: Actor,
  verb: Verb,
  type: OperationType,
  input: unknown,
  deps: Deps,
): Promise<ChangeOutcome> {
  const permitted = permit(actor, verb);
  if (!permitted.ok) return fromFailure(permitted.error);
  const parsed = parseOperation(type, input, deps.newId);
  if (!parsed.ok) return fromFailure(parsed.error);
  return applyChange(actor, { operations: [parsed.value], text: askedText(parsed.value) }, deps);
}

/** One line for the history while there is no revision. */
function askedText(operation: Operation): string {
  switch (operation.type) {
    case "put-farm":
      return operation.base === null ? `Create farm ${operation.farm.name}` : `Change farm ${operation.farm.name}`;
    case "remove-farm":
      return "Remove a farm";
    case "set-enabled":
      return operation.enabled ? "Enable a farm" : "Disable a farm";
    case "set-weights":
      return count(operation.weights, "Set the weight of one backend", "Set the weights of", "backends");
    case "set-admin-state":
      return count(operation.states, "Set the state of one backend", "Set the states of", "backends");
    case "cut":
      return "Cut the open connections of a backend";
    case "put-list":
      return operation.base === null ? `Create list ${operation.list.name}` : `Change list ${operation.list.name}`;
    case "remove-list":
      return "Remove a list";
  }
}

function count(of: Readonly<Record<string, unknown>>, one: string, many: string, noun: string): string {
  const size = Object.keys(of).length;
  return size === 1 ? one : `${many} ${size} ${noun}`;
}
