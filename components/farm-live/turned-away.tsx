"use client";

import { isNotKnown } from "@/components/live/freshness.ts";
import { useFarmLive, useFreshness } from "@/components/live/use-live.ts";
import { DataTable, NumberCell, Th } from "@/components/ui/data-table.tsx";
import { formatCount, formatRate } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { turnedText } from "@/server/core/metrics/turned-words.ts";

/** What the farm's filters and limits reject. Nothing is shown for a farm that has none. */
export function TurnedAway({ farmId }: { readonly farmId: string }) {
  const live = useFarmLive(farmId);
  const isLost = isNotKnown(useFreshness().state);
  if (live === null || live.turnedAway.length === 0) return null;
  return (
    <Panel title="Turned away" meta="packets, a client's retries included; they count as no connection">
      <DataTable label="What filters and limits turned away" isLost={isLost}>
        <thead>
          <tr>
            <Th>Reason</Th>
            <Th num>Packets/s</Th>
            <Th num>Packets</Th>
          </tr>
        </thead>
        <tbody>
          {live.turnedAway.map(({ reason, list, perS, packets }) => (
            <tr key={`${reason} ${list ?? ""}`}>
              <th scope="row" className="font-normal">
                {turnedText({ reason, list })}
              </th>
              <NumberCell value={perS} format={formatRate} />
              <NumberCell value={packets} format={formatCount} />
            </tr>
          ))}
        </tbody>
      </DataTable>
      {live.logPrefix === null ? null : (
        <p className="border-t border-line px-3.5 py-2 text-small text-ink-3">
          Lines in the balancer's kernel log begin with <code>{live.logPrefix.trim()}</code>.
        </p>
      )}
    </Panel>
  );
}
