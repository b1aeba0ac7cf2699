/**
 * The chain of a farm that does more than schedule: known clients, then the slot, then others where that backend is full, then the
 * memory, then the address. Where nobody serves only the scheduling step becomes the sorry server or nobody. Takes the place of the one
 * rule of a plain farm. All rules are signed.
 */
import { idMark, markText } from "../../allocation/marks.ts";
import type { Family } from "../../farm/types.ts";
import type { FarmObject } from "../model.ts";
import { signed } from "../signature.ts";
import { type Limits, limitsOf } from "./limits.ts";
import { farmChain, nothingOwn, type OwnOutput, type PartInput } from "./part.ts";
import { type Memory, memoryOf } from "./persistence.ts";
import { missRule, nobodyRule } from "./refuse.ts";
import { otherSlotStatement, slotStatement } from "./slots.ts";

export function stepsPart(input: PartInput): OwnOutput {
  const objects = new Map<string, FarmObject>();
  const chains = new Map<string, readonly string[]>();
  for (const family of input.families) {
    const limits = limitsOf(input, family);
    if (!hasSteps(input, family, limits)) continue;
    if (limits !== null) {
      const [name, rules] = limits.chain;
      chains.set(name, rules.map(signed));
    }
    const memory = memoryOf(input, family, limits?.full ?? null);
    for (const [name, object] of [...memory.objects, ...(limits?.objects ?? [])]) objects.set(name, object);
    const take = `jump ${limits === null ? `dnat${family}` : limits.chain[0]}`;
    const usable = limits === null ? "" : `ct mark != @${limits.full} `;
    const rules = [...memory.head(take, usable), ...schedulingRules(input, family, memory, limits, take)];
    chains.set(farmChain(input.own.number, family), rules.map(signed));
  }
  return objects.size === 0 && chains.size === 0 ? nothingOwn : { ...nothingOwn, objects, chains };
}

function hasSteps({ farm, own, sorry }: PartInput, family: Family, limits: Limits | null): boolean {
  const standsIn = sorry?.eff.family === family && own.slots[family].modulus === 0;
  return farm.persistence !== null || farm.pins.length > 0 || limits !== null || standsIn;
}

function schedulingRules(
  input: PartInput,
  family: Family,
  memory: Memory,
  limits: Limits | null,
  take: string,
): string[] {
  const slot = slotStatement(input, family);
  if (slot === null) return standInRules(input, family);
  const again = otherSlotStatement(input, family, 0) ?? slot;
  return [slot, "jump pick", ...(limits?.overflow ?? []), ...memory.remember(again), take, missRule(input.tag)];
}

/** Nobody is remembered with the sorry server: its clients shall leave it as soon as a backend serves. */
function standInRules({ tag, farm, sorry }: PartInput, family: Family): string[] {
  if (sorry?.eff.family !== family) return [nobodyRule(tag, farm.onAllDown)];
  return [`ct mark set ${markText(idMark(tag, sorry.id))}`, `jump dnat${family}`, missRule(tag)];
}
