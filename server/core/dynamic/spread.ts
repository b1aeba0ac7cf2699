/**
 * How measured times spread: each with its weight. A fresh time may weigh more than an old one, so that a percentile looks through the same
 * window as the mean beside it. Made for words, each second of thousands of backends: one sort a farm, and a look at the slowest few.
 */

export type Spread = {
  /** ms */
  readonly times: readonly number[];
  /** as long; null = each weighs 1 */
  readonly weights: readonly number[] | null;
};

export const nothingSpread: Spread = { times: [], weights: null };

export type Tail = { readonly ownMs: number; readonly othersMs: number };

/** below this weight there is one time at most, and a percentile would be a big word for it */
const weightMin = 1.5;
/** and what rounding makes of it */
const beyond = 0.05 * (1 + 1e-9);

/** All times, the slowest first: whose each is, in lists side by side. One object a time would cost more than sorting them. */
type Times = {
  readonly ms: readonly number[];
  readonly weight: readonly number[];
  readonly of: readonly number[];
  readonly order: readonly number[];
};

/** p95 of each against that of all the others together, in their order; null where one of both has too few times. */
export function tailsOf(spreads: readonly Spread[]): (Tail | null)[] {
  const times = timesOf(spreads);
  const totals = spreads.map(totalOf);
  const all = totals.reduce((sum, each) => sum + each, 0);
  const ownMs = ownTails(times, totals);
  return totals.map((own, of) => {
    if (own < weightMin || all - own < weightMin) return null;
    return { ownMs: ownMs[of] ?? 0, othersMs: othersTail(times, all - own, of) };
  });
}

function timesOf(spreads: readonly Spread[]): Times {
  const ms: number[] = [];
  const weight: number[] = [];
  const of: number[] = [];
  const order: number[] = [];
  for (let own = 0; own < spreads.length; own++) {
    const { times, weights } = spreads[own] ?? nothingSpread;
    for (let at = 0; at < times.length; at++) {
      order.push(ms.length);
      ms.push(times[at] ?? 0);
      weight.push(weights === null ? 1 : (weights[at] ?? 0));
      of.push(own);
    }
  }
  order.sort((a, b) => (ms[b] ?? 0) - (ms[a] ?? 0));
  return { ms, weight, of, order };
}

function totalOf({ times, weights }: Spread): number {
  return weights === null ? times.length : weights.reduce((sum, each) => sum + each, 0);
}

/** From the slowest down until more than a twentieth of its own was seen; of all of them in one walk. */
function ownTails({ ms, weight, of, order }: Times, totals: readonly number[]): (number | undefined)[] {
  const seen = totals.map(() => 0);
  const tails: (number | undefined)[] = totals.map(() => undefined);
  for (const entry of order) {
    const own = of[entry] ?? 0;
    if (tails[own] !== undefined) continue;
    const now = (seen[own] ?? 0) + (weight[entry] ?? 0);
    seen[own] = now;
    if (now > (totals[own] ?? 0) * beyond) tails[own] = ms[entry] ?? 0;
  }
  return tails;
}

/** The same without its own. */
function othersTail({ ms, weight, of, order }: Times, total: number, own: number): number {
  let seen = 0;
  for (const entry of order) {
    if (of[entry] === own) continue;
    seen += weight[entry] ?? 0;
    if (seen > total * beyond) return ms[entry] ?? 0;
  }
  return 0;
}
