/** `sluice apply FILE`: makes the balancer's farms those of the document, as one change. What it does is said before it is done. */
import { limits } from "../../core/farm/limits.ts";
import { applyRequest, reportOutcome, reportRefused, requestOf } from "../change.ts";
import { type Call, isOn } from "../command.ts";
import { type Comparison, compare } from "../compare.ts";
import { readDocument } from "../document/read-document.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { printable } from "../printable.ts";
import { withFarms } from "../with-agent.ts";
import type { OpenAgent } from "../world.ts";

/** One change holds at most this many operations (wire). */
const operationsMax = limits.farmsMax;
const sentencesMax = 200;

export function runApply(call: Call): Promise<number> {
  const [file = "-"] = call.words;
  return withFarms(call, async (agent, answer) => {
    const read = await readDocument(call, file, call.world.newId, answer);
    if ("code" in read) return read.code;
    const comparison = compare(read, answer, isOn(call.values, "prune"));
    if (comparison.operations.length === 0) return nothingToDo(call, comparison);
    if (comparison.operations.length > operationsMax) return tooMany(call, comparison.operations.length);
    return applyComparison(call, agent, comparison);
  });
}

async function applyComparison(call: Call, agent: OpenAgent, { operations }: Comparison): Promise<number> {
  const request = requestOf(call, operations);
  const preview = await agent.link.preview(request);
  if (!preview.ok) return reportRefused(call, preview.error, operations);
  const { sentences, check, statements } = preview.value;
  if (check !== null && !check.ok)
    return reportFailure(call, {
      code: "kernel-refused",
      text: `The kernel would refuse it: ${check.text}`,
      retry: false,
    });
  const isDryRun = isOn(call.values, "dry-run");
  if (isOn(call.values, "json")) {
    if (isDryRun) call.world.out(`${JSON.stringify({ outcome: "dry-run", sentences, statements, operations })}\n`);
  } else {
    tell(call, sentences);
    if (isDryRun) call.world.out("Nothing was changed (--dry-run)\n");
  }
  if (isDryRun) return exit.done;
  return reportOutcome(call, await applyRequest(call, agent, request), operations, true);
}

function tell(call: Call, sentences: readonly string[]): void {
  const shown = sentences.slice(0, sentencesMax).map((sentence) => `${printable(sentence)}\n`);
  const more = sentences.length - sentencesMax;
  call.world.out(`${shown.join("")}${more > 0 ? `... and ${more} more sentences; --json has all\n` : ""}`);
}

function nothingToDo(call: Call, { leftAlone }: Comparison): number {
  if (isOn(call.values, "json")) call.world.out(`${JSON.stringify({ outcome: "unchanged", leftAlone })}\n`);
  else call.world.out("Nothing to change: the balancer has these farms already\n");
  return exit.done;
}

function tooMany(call: Call, count: number): number {
  const text = `This would be ${count} operations, and one change has at most ${operationsMax}: apply it in parts`;
  return reportFailure(call, { code: "too-large", text, retry: false });
}
