import { useRef, useState } from "react";
import { testNow } from "@/components/backend/fetch-monitor.ts";
import type { CheckEntry } from "@/server/core/metrics/backend-monitor.ts";

type TickedBackend = {
  readonly farmId: string;
  readonly farmName: string;
  readonly id: string;
  readonly name: string;
};

export type TestedBackend = TickedBackend & {
  /** null = it is being asked, or waits for its turn */
  readonly result: CheckEntry | null;
  readonly problem: string | null;
};

export type TickedTests = {
  /** null = nothing was asked */
  readonly tested: readonly TestedBackend[] | null;
  readonly run: (backends: readonly TickedBackend[]) => void;
  readonly close: () => void;
};

/** more would only wait in the prober */
const togetherMax = 6;

/** Asks each once, out of turn, a few at a time; what is left is not asked when the answers are closed. */
export function useTickedTests(): TickedTests {
  const [tested, setTested] = useState<readonly TestedBackend[] | null>(null);
  const round = useRef(0);

  async function runAll(backends: readonly TickedBackend[]): Promise<void> {
    const own = ++round.current;
    setTested(backends.map((backend) => ({ ...backend, result: null, problem: null })));
    const waiting = [...backends];
    const next = async (): Promise<void> => {
      for (let one = waiting.shift(); one !== undefined && own === round.current; one = waiting.shift()) {
        const { farmId, id } = one;
        const said = await testNow({ farmId, backendId: id }).then(
          (result) => ({ result, problem: null }),
          (error: unknown) => ({ result: null, problem: error instanceof Error ? error.message : "Not tested." }),
        );
        if (own !== round.current) return;
        setTested(
          (old) => old?.map((each) => (each.id === id && each.farmId === farmId ? { ...each, ...said } : each)) ?? null,
        );
      }
    };
    await Promise.all(Array.from({ length: togetherMax }, next));
  }

  return {
    tested,
    run: (backends) => void runAll(backends),
    close() {
      round.current += 1;
      setTested(null);
    },
  };
}
