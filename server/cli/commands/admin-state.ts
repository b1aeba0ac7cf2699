/** `sluice drain|resume|maintenance FARM/BACKEND ...`: decisions about backends, all in one change. */
import type { Operation } from "../../core/change/operation.ts";
import { effective } from "../../core/farm/effective.ts";
import type { AdminState, Backend, Farm } from "../../core/farm/types.ts";
import { fail, ok, type Result } from "../../core/result.ts";
import { applyRequest, reportOutcome, requestOf } from "../change.ts";
import { type Call, isOn } from "../command.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { findBackend, type VersionedFarm } from "../names.ts";
import { withFarms } from "../with-agent.ts";

export function runAdminState(state: AdminState): (call: Call) => Promise<number> {
  return (call) =>
    withFarms(call, async (agent, { farms }) => {
      const found = findAll(farms, call.words);
      if (!found.ok) return reportFailure(call, found.error);
      const operations = found.value.flatMap((each) => operationOf(each, state));
      if (operations.length === 0) {
        call.world.err(`${call.words.join(", ")}: ${state} already\n`);
        return exit.done;
      }
      const dark = isOn(call.values, "yes") ? null : goingDark(found.value, state);
      if (dark !== null) return reportFailure(call, fail("invalid", dark).error);
      return reportOutcome(call, await applyRequest(call, agent, requestOf(call, operations)), operations, false);
    });
}

type Chosen = VersionedFarm & { readonly backends: readonly Backend[] };

/** The backends named, by farm: one farm gets one operation. */
function findAll(farms: readonly VersionedFarm[], words: readonly string[]): Result<Chosen[]> {
  const chosen = new Map<string, VersionedFarm & { backends: Backend[] }>();
  for (const word of words) {
    const found = findBackend(farms, word);
    if (!found.ok) return found;
    const { farm, version, backend } = found.value;
    const entry = chosen.get(farm.id) ?? { farm, version, backends: [] };
    entry.backends.push(backend);
    chosen.set(farm.id, entry);
  }
  return ok([...chosen.values()]);
}

function operationOf({ farm, version, backends }: Chosen, state: AdminState): Operation[] {
  const changing = backends.filter(({ adminState }) => adminState !== state);
  if (changing.length === 0) return [];
  const states = Object.fromEntries(changing.map(({ id }) => [id, state]));
  return [{ type: "set-admin-state", base: version, farmId: farm.id, states }];
}

/** The sentence for a decision that leaves a farm without anybody who serves; on a page it is confirmed by the farm's name. */
function goingDark(chosen: readonly Chosen[], state: AdminState): string | null {
  if (state === "active") return null;
  for (const { farm, backends } of chosen) {
    const out = new Set(backends.map(({ id }) => id));
    const after = {
      ...farm,
      backends: farm.backends.map((each) => (out.has(each.id) ? { ...each, adminState: state } : each)),
    };
    if (farm.enabled && serves(farm) && !serves(after))
      return `Afterwards no backend of ${farm.name} takes new connections. If that is wanted: the same command with --yes`;
  }
  return null;
}

function serves(farm: Farm): boolean {
  return effective(farm, new Map()).tier !== null;
}
