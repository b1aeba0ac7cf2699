/** Token buckets per caller uid: a rate, burst twice that. Never queues: who is too fast is told when to come back. */
export type RateLimit = {
  /** null = go on; else milliseconds after which one more is allowed */
  take(uid: number | null, kind: "urgent" | "structural" | "preview"): number | null;
};

export type Rates = { readonly urgentPerS: number; readonly structuralPerS: number };

type Bucket = { tokens: number; atMs: number };

const bucketsMax = 1024;

export function createRateLimit(rates: Rates, nowMs: () => number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(uid, kind) {
      const perS = kind === "structural" ? rates.structuralPerS : rates.urgentPerS;
      const burst = perS * 2;
      const key = `${uid}:${kind}`;
      const at = nowMs();
      const known = buckets.get(key) ?? { tokens: burst, atMs: at };
      const tokens = Math.min(burst, known.tokens + ((at - known.atMs) / 1000) * perS);
      if (buckets.size > bucketsMax) buckets.clear();
      if (tokens >= 1) {
        buckets.set(key, { tokens: tokens - 1, atMs: at });
        return null;
      }
      buckets.set(key, { tokens, atMs: at });
      return Math.ceil(((1 - tokens) / perS) * 1000);
    },
  };
}
