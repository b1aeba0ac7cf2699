/** States as words with their tone. The word says it; colour only repeats it. */
import type { AdminState, Farm, FarmWord, Health } from "../core/farm/types.ts";
import type { BackendLive } from "../core/metrics/live.ts";
import type { Cell, Tone } from "./table.ts";

export function farmWordCell(word: FarmWord): Cell {
  return { text: farmWords[word][0], tone: farmWords[word][1] };
}

export function healthCell(health: Health): Cell {
  return { text: health, tone: healthTones[health] };
}

/** What was decided; of an active backend also that real traffic or a maintenance window has it out. */
export function adminStateCell(state: AdminState, out?: BackendLive["out"]): Cell {
  if (state === "active" && out !== undefined) return { text: out.why, tone: out.why === "ejected" ? "bad" : "warn" };
  return { text: state, tone: state === "active" ? "plain" : "warn" };
}

/** "192.168.0.40, fd00::40" */
export function addressesText(farm: Pick<Farm, "addresses">): string {
  return farm.addresses.join(", ");
}

/** "tcp 80,443" */
export function serviceText(farm: Pick<Farm, "protocol" | "ports">): string {
  return `${farm.protocol} ${farm.ports.length === 0 ? "every port" : farm.ports.join(",")}`;
}

const farmWords: Readonly<Record<FarmWord, readonly [string, Tone]>> = {
  stopped: ["stopped", "dim"],
  unknown: ["unknown", "warn"],
  maintenance: ["maintenance", "warn"],
  down: ["down", "bad"],
  critical: ["critical", "bad"],
  problem: ["problem", "warn"],
  "not-checked": ["not checked", "plain"],
  up: ["up", "good"],
};

const healthTones: Readonly<Record<Health, Tone>> = { up: "good", degraded: "warn", down: "bad", unknown: "plain" };
