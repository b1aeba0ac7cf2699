"use client";

import { useBalancerLive } from "@/components/live/use-live.ts";
import { listWindows } from "@/components/monitor/window-model.ts";
import { WindowsPanel } from "@/components/monitor/windows-panel.tsx";
import type { Farm } from "@/server/core/farm/types.ts";

/** The farm's maintenance windows, to read; they are planned where all backends are seen. */
export function FarmWindows({ farm, canPlan }: { readonly farm: Farm; readonly canPlan: boolean }) {
  const nowMs = useBalancerLive()?.at ?? null;
  const { id, name, maintenanceWindows: windows } = farm;
  // before the first values the reader's own clock is near enough
  const listed = listWindows([{ id, name, windows }], nowMs ?? Date.now());
  const planHref = canPlan ? `/monitor?farm=${id}` : null;
  return (
    <div className="max-w-[1080px]">
      <WindowsPanel listed={listed} hidesFarm onRemove={null} onPlan={null} planHref={planHref} blocked={null} />
    </div>
  );
}
