"use client";

import { isNotKnown } from "@/components/live/freshness.ts";
import { useBalancerLive, useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { formatCount, formatRate } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import type { Farm } from "@/server/core/farm/types.ts";
import type { FarmLive, MapFill } from "@/server/core/metrics/live.ts";

/** How full the map of remembered clients is, and what the sorry server got; nothing for a farm with neither. */
export function Remembered({ farm }: { readonly farm: Farm }) {
  const live = useFarmLive(farm.id);
  const shared = useBalancerLive()?.sticky;
  const isLost = isNotKnown(useFreshness().state);
  if (farm.persistence === null) return live?.sorry === undefined ? null : <Sorry sorry={live.sorry} isLost={isLost} />;
  const own = live?.sticky;
  const fill = own ?? shared;
  return (
    <>
      <Panel
        title="Remembered clients"
        meta={own === undefined ? "in the map that farms share, of all of them" : "in a map of this farm's own"}
        padded
      >
        {fill === undefined ? (
          <p className="text-ink-3">Not counted yet; it is once a minute or so.</p>
        ) : (
          <Fill fill={fill} isLost={isLost} />
        )}
      </Panel>
      {live?.sorry === undefined ? null : <Sorry sorry={live.sorry} isLost={isLost} />}
    </>
  );
}

/** Near full the oldest are not forgotten sooner: new clients are scheduled, and not remembered. */
const nearFullPct = 80;

function Fill({ fill: { used, max }, isLost }: { readonly fill: MapFill; readonly isLost: boolean }) {
  const pct = max === 0 ? 0 : (100 * used) / max;
  return (
    <div className={isLost ? "lost grid gap-1.5" : "grid gap-1.5"}>
      <p>
        <b>{formatCount(used)}</b> of {formatCount(max)}{" "}
        <span className="text-ink-3">({pct > 0 && pct < 0.1 ? "under 0.1" : formatRate(pct)} %)</span>
      </p>
      <span aria-hidden className="block h-1.5 max-w-96 overflow-hidden rounded-1 bg-trough">
        <span className="block h-full bg-accent" style={{ width: `${Math.min(100, pct)}%` }} />
      </span>
      {pct < nearFullPct ? null : (
        <p className="text-small text-warn-ink">Nearly full: clients beyond are scheduled each time, not remembered.</p>
      )}
    </div>
  );
}

function Sorry({ sorry, isLost }: { readonly sorry: NonNullable<FarmLive["sorry"]>; readonly isLost: boolean }) {
  const text = (value: number | null, format: (value: number) => string) => (value === null ? "-" : format(value));
  return (
    <Panel title="Sorry server" meta="answers while no backend does" padded>
      <p className={isLost ? "lost" : undefined}>
        <b>{text(sorry.newPerS, formatRate)}</b> new connections a second, <b>{text(sorry.active, formatCount)}</b>{" "}
        active
      </p>
    </Panel>
  );
}
