/** Farms under load, simulated second by second: what is measured answers to the shares, late and with noise. Seeded. */
import { defaultDynamic } from "../farm/dynamic.ts";
import { steer } from "./controller.ts";
import { costsOf, type Measure, settingsOf } from "./costs.ts";
import { factorIn, type Steering } from "./steering.ts";

export type Random = () => number;

/** mulberry32 */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a second of traffic does: answers what is measured at its end. `slow`: how much slower each backend is now. */
export type Plant = {
  readonly measure: Measure;
  readonly backends: number;
  second(shares: readonly number[], slow: readonly number[]): number[];
};

/** Backends as queues (M/M/1): the time to answer grows with the load; seen a second later. */
export function queues(serviceMs: readonly number[], perS: number, noise: number, random: Random): Plant {
  let latency = [...serviceMs];
  return {
    measure: "response",
    backends: serviceMs.length,
    second(shares, slow) {
      const seen = latency.map((ms) => ms * Math.exp((random() + random() - 1) * noise));
      latency = serviceMs.map((ms, at) => {
        const service = ms * (slow[at] ?? 1);
        return service / (1 - Math.min(0.95, (perS * (shares[at] ?? 0) * service) / 1000));
      });
      return seen;
    },
  };
}

/** Connections come by chance and last for a time (M/M/infinity): how many are open. */
export function connections(backends: number, perS: number, lastS: number, random: Random): Plant {
  const steps = 10;
  const open = Array.from({ length: backends }, () => Math.round((perS * lastS) / backends));
  return {
    measure: "connections",
    backends,
    second(shares, slow) {
      for (let step = 0; step < steps; step++)
        for (const [at, count] of open.entries()) {
          const stay = Math.exp(-1 / steps / (lastS * (slow[at] ?? 1)));
          open[at] = chance(count * stay, count * stay * (1 - stay), random, count) + arrivals(at, stay);
        }
      function arrivals(at: number, stay: number): number {
        // those that came and went within the step are gone again
        const mean = perS * (shares[at] ?? 0) * lastS * (slow[at] ?? 1) * (1 - stay);
        return chance(mean, mean, random, Number.POSITIVE_INFINITY);
      }
      return [...open];
    },
  };
}

/** Machines: percent of CPU as a share of the work makes it, at most 100, over some work of their own. */
export function machines(busyPct: readonly number[], ownPct: number, noisePct: number, random: Random): Plant {
  return {
    measure: "load",
    backends: busyPct.length,
    second: (shares, slow) =>
      busyPct.map((busy, at) => {
        const load = ownPct + busy * (shares[at] ?? 0) * busyPct.length * (slow[at] ?? 1);
        return Math.max(0, Math.min(100, load + (random() + random() - 1) * noisePct));
      }),
  };
}

/** Shares of each second, before what is measured in it. `slowOf(second)`: how much slower each is. */
export function simulate(plant: Plant, seconds: number, slowOf: (second: number) => readonly number[] = () => []) {
  const settings = settingsOf(plant.measure, defaultDynamic);
  const trace: number[][] = [];
  let steering: Steering | null = null;
  for (let second = 0; second < seconds; second++) {
    const shares = sharesOf(steering, plant.backends);
    trace.push(shares);
    const values = plant.second(shares, slowOf(second)).map((value) => ({ weight: 100, value }));
    const measured = costsOf(plant.measure, values).map((cost, at) => ({
      backendId: String(at),
      weight: 100,
      cost,
      atMs: second * 1000,
      staleMs: 5000,
    }));
    steering = steer(steering, measured, second * 1000, settings).steering;
  }
  return trace;
}

/** The widest that one backend's share went up and down from a second on, in points. */
export function swingPct(trace: readonly (readonly number[])[], fromS: number): number {
  const rest = trace.slice(fromS);
  const swings = (trace[0] ?? []).map((_, at) => {
    const shares = rest.map((each) => each[at] ?? 0);
    return Math.max(...shares) - Math.min(...shares);
  });
  return 100 * Math.max(...swings);
}

function sharesOf(steering: Steering | null, backends: number): number[] {
  const factors = Array.from({ length: backends }, (_, at) => factorIn(steering?.rows ?? [], at));
  const sum = factors.reduce((a, b) => a + b, 0);
  return factors.map((each) => each / sum);
}

/** A whole number around a mean; nearly Gaussian, and by the digit where the mean is small. */
function chance(mean: number, variance: number, random: Random, max: number): number {
  const noise = Array.from({ length: 6 }, random).reduce((a, b) => a + b, -3) * Math.SQRT2;
  const value = Math.max(0, mean + noise * Math.sqrt(variance));
  const whole = Math.floor(value);
  return Math.min(max, whole + (random() < value - whole ? 1 : 0));
}
