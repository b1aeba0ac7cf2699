/**
 * The measured factors as the kernel has them, beside the state: an agent that starts again goes on from them and no share jumps. They are
 * no part of the journal: they change each second, and a file that is lost costs a few seconds of measuring.
 */
import { readFileSync, renameSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { isMeasured } from "../core/farm/dynamic.ts";
import type { ConditionBook } from "./conditions.ts";
import { reprogram, type State } from "./plan.ts";

const fileName = "weights.json";
const factor = z.number().check(z.gt(0), z.lte(10));
/** by farm id and backend id */
const factorsSchema = z.record(z.string(), z.record(z.string(), factor));
export type Factors = z.output<typeof factorsSchema>;

/** how long moves are gathered: with many farms the file is large */
const gatherMs = { few: 500, many: 5000 };
const manyFarms = 100;

/** {} when there is no file, or one that is not whole. */
export function readFactors(dataDir: string): Factors {
  try {
    const parsed = factorsSchema.safeParse(JSON.parse(readFileSync(join(dataDir, fileName), "utf8")));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

/** Puts them where the weigher left them, before the kernel is compared with the state. */
export function withFactors(state: State, factors: Factors, conditions: ConditionBook): State {
  const farmIds = Object.keys(factors).filter((farmId) => {
    const farm = state.desired.farms.get(farmId)?.farm;
    if (farm === undefined || !isMeasured(farm.scheduler)) return false;
    for (const { id } of farm.backends) {
      const own = factors[farmId]?.[id];
      conditions.set("dynamic", farmId, id, own === undefined || own === 1 ? null : { factor: own });
    }
    return true;
  });
  return reprogram(state, farmIds, conditions);
}

export type WeightFile = {
  /** after a round in which something moved: the factors are asked for and written soon, those of so many farms */
  moved(farms: number, factors: () => Factors): void;
};

export function createWeightFile(dataDir: string, after: (ms: number, task: () => void) => void): WeightFile {
  const path = join(dataDir, fileName);
  let isPlanned = false;
  return {
    moved(farms, factors) {
      if (isPlanned) return;
      isPlanned = true;
      after(farms > manyFarms ? gatherMs.many : gatherMs.few, () => {
        isPlanned = false;
        // a full disk costs the next start a few seconds of measuring, and nothing else
        void writeWhole(path, JSON.stringify(factors())).catch(() => undefined);
      });
    },
  };
}

/** A start reads the old ones or the new ones. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text, { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
}
