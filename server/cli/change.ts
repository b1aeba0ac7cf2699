/** One change asked of the agent: the request, its outcome as sentences, and an exit code. */
import type { Operation } from "../core/change/operation.ts";
import { type Failure, fail, type Issue, type Result } from "../core/result.ts";
import type { ChangeAnswer, ChangeRequest } from "../wire/agent.ts";
import { type Call, isOn } from "./command.ts";
import { exit, exitOf } from "./exit-codes.ts";
import { reportFailure } from "./failures.ts";
import { printable } from "./printable.ts";
import type { OpenAgent } from "./world.ts";

/** The agent adds the uid it sees; this is only the name beside it. */
export function requestOf(call: Call, operations: readonly Operation[]): ChangeRequest {
  const { uid, name } = call.world.user;
  const actor = { id: `uid:${uid}`, name: `${name} (command line)`.slice(0, 128) };
  return { uuid: call.world.newId(), actor, operations: [...operations] };
}

const askAgainMs = 200;
const askAgainMax = 150;

/** Asks, and asks again by uuid while the outcome is not known (half a minute): a change is never sent twice. */
export async function applyRequest(
  call: Call,
  { link }: OpenAgent,
  request: ChangeRequest,
): Promise<Result<ChangeAnswer>> {
  let answer = await link.apply(request);
  for (let asked = 0; asked < askAgainMax && isOpen(answer); asked++) {
    await call.world.wait(askAgainMs);
    const later = await link.change(request.uuid);
    // not journalled (yet), or an agent that is gone for the moment: neither says that it was refused
    if (later.ok && later.value !== null) answer = { ok: true, value: later.value };
  }
  return answer;
}

function isOpen(answer: Result<ChangeAnswer>): boolean {
  return answer.ok ? answer.value.outcome === "unknown" : answer.error.code === "outcome-unknown";
}

/** Prints what became of it and answers the exit code. `isTold`: the sentences were shown before. */
export function reportOutcome(
  call: Call,
  answer: Result<ChangeAnswer>,
  operations: readonly Operation[],
  isTold: boolean,
): number {
  if (!answer.ok) return reportRefused(call, answer.error, operations);
  const { value } = answer;
  if (value.outcome === "refused") return reportRefused(call, value.error, operations);
  if (value.outcome === "conflict") return reportFailure(call, conflictFailure(value));
  if (value.outcome === "unknown") {
    const text = `The agent has the change but not its outcome yet; look with: sluice status. Its id is ${value.uuid}`;
    return reportFailure(call, fail("outcome-unknown", text).error);
  }
  if (isOn(call.values, "json")) {
    const { uuid, epoch, n, sentences, statements, applyMs } = value;
    call.world.out(`${JSON.stringify({ outcome: "applied", uuid, epoch, n, sentences, statements, applyMs })}\n`);
    return exit.done;
  }
  if (!isTold) for (const sentence of value.sentences) call.world.out(`${printable(sentence)}\n`);
  call.world.out(`Applied as revision ${value.n} in ${value.applyMs.toFixed(1)} ms\n`);
  return exit.done;
}

/** The agent's refusal; with several farms its paths begin with the farm's name. */
export function reportRefused(call: Call, failure: Failure, operations: readonly Operation[]): number {
  const issues = (failure.issues ?? []).map((issue) => ofFarm(issue, operations));
  if (isOn(call.values, "json") || issues.length === 0)
    return reportFailure(call, issues.length === 0 ? failure : { ...failure, text: issues.map(textOf).join("; ") });
  for (const issue of issues) call.world.err(`sluice: ${printable(textOf(issue))}\n`);
  call.world.err("sluice: refused; nothing was changed\n");
  return exitOf(failure);
}

function textOf({ path, message }: Issue): string {
  return path === "" ? message : `${path}: ${message}`;
}

function ofFarm(issue: Issue, operations: readonly Operation[]): Issue {
  const found = /^operations\[([0-9]+)\](?:\.farm|\.list)?\.?(.*)$/.exec(issue.path);
  const operation = operations[Number(found?.[1] ?? 0)];
  const name =
    operation?.type === "put-farm"
      ? `farm ${operation.farm.name}`
      : operation?.type === "put-list"
        ? `list ${operation.list.name}`
        : null;
  if (name === null) return issue;
  const rest = found === null ? issue.path : (found[2] ?? "");
  return { path: `${name}${rest === "" ? "" : `: ${rest}`}`, message: issue.message };
}

function conflictFailure({ conflicts, lists }: Extract<ChangeAnswer, { outcome: "conflict" }>): Failure {
  const texts = conflicts.map(({ farm, actor, base }) => {
    if (farm === null) return "a farm was removed meanwhile";
    if (base === null) return `farm ${farm.name} exists already`;
    return `farm ${farm.name} was changed meanwhile${actor === null || actor.name === "" ? "" : ` by ${actor.name}`}`;
  });
  const listTexts = lists.map(({ list, actor, base }) => {
    if (list === null) return "a list was removed meanwhile";
    if (base === null) return `list ${list.name} exists already`;
    return `list ${list.name} was changed meanwhile${actor === null || actor.name === "" ? "" : ` by ${actor.name}`}`;
  });
  const text = `Conflict: ${[...texts, ...listTexts].join("; ")}. Nothing was changed; look with "sluice diff" and apply again.`;
  return fail("conflict", text).error;
}
