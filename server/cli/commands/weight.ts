/** `sluice weight FARM/BACKEND N`: one weight, one revision; the other backends keep theirs. */
import { weightSchema } from "../../core/farm/schema.ts";
import { fail } from "../../core/result.ts";
import { applyRequest, reportOutcome, requestOf } from "../change.ts";
import type { Call } from "../command.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { findBackend } from "../names.ts";
import { printable } from "../printable.ts";
import { withFarms } from "../with-agent.ts";

export async function runWeight(call: Call): Promise<number> {
  const [place = "", text = ""] = call.words;
  const weight = /^[0-9]{1,5}$/.test(text) ? weightSchema.safeParse(Number(text)) : null;
  if (weight === null || !weight.success) {
    const refusal = `A weight is a whole number from 0 to 1,000, not "${printable(text)}"`;
    return reportFailure(call, fail("invalid", refusal).error);
  }
  return withFarms(call, async (agent, { farms }) => {
    const found = findBackend(farms, place);
    if (!found.ok) return reportFailure(call, found.error);
    const { farm, version, backend } = found.value;
    if (backend.weight === weight.data) {
      call.world.err(`${backend.name} has weight ${weight.data} already\n`);
      return exit.done;
    }
    const weights = { [backend.id]: weight.data };
    const operations = [{ type: "set-weights", base: version, farmId: farm.id, weights } as const];
    return reportOutcome(call, await applyRequest(call, agent, requestOf(call, operations)), operations, false);
  });
}
