import type { FarmBrief, Gate } from "@/components/overview/farm-brief.ts";
import { gatesOf } from "@/components/overview/farm-brief.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import { gateKinds, gatesText, gateWords } from "./gate-words.ts";

const gatesMax = 8;

type GatesProps = { readonly farm: FarmBrief; readonly row: FarmRow | null };

/** One post per backend; what they say together is read out and stands in the title. */
export function Gates({ farm, row }: GatesProps) {
  const gates = gatesOf(farm, row);
  const text = gatesText(gates);
  return (
    <>
      <span className="gates" aria-hidden="true" title={text}>
        {gates.slice(0, gatesMax).map((gate, index) => (
          // posts have no identity: the row says how many there are of each kind
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <i key={index} className={gate} />
        ))}
        {gates.length > gatesMax ? <small className="text-micro text-ink-3">+{gates.length - gatesMax}</small> : null}
      </span>
      <span className="sr-only">{text}</span>
    </>
  );
}

type GatesLegendProps = {
  readonly farms: readonly FarmBrief[];
  readonly rows: ReadonlyMap<string, FarmRow> | null;
  readonly isLost: boolean;
};

/** The posts that stand in the list now, with their words. */
export function GatesLegend({ farms, rows, isLost }: GatesLegendProps) {
  const shown = new Set<Gate>(farms.flatMap((farm) => gatesOf(farm, isLost ? null : (rows?.get(farm.id) ?? null))));
  if (shown.size === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 px-1 text-small text-ink-2 max-lg:hidden">
      <span className="text-ink-3">One post per backend:</span>
      {gateKinds
        .filter((gate) => shown.has(gate))
        .map((gate) => (
          <span key={gate} className="inline-flex items-center gap-1.5">
            <span className="gates" aria-hidden="true">
              <i className={gate} />
            </span>
            {gateWords[gate]}
          </span>
        ))}
    </p>
  );
}
