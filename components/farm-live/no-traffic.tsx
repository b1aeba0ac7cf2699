"use client";

import { useFarmLive } from "@/components/live/use-live.ts";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Note } from "@/components/ui/note.tsx";
import type { VipState } from "@/server/core/metrics/live.ts";

/** Why nothing, or the wrong thing, arrives: seen from the balancer, with the command that would change it. */
export function NoTraffic({ farmId }: { readonly farmId: string }) {
  const live = useFarmLive(farmId);
  if (live === null) return null;
  const missing = live.vips.filter((vip) => vip.place === "not-here");
  if (missing.length === 0 && live.hints.length === 0) return null;
  return (
    <section aria-label="Reasons for missing traffic" className="grid gap-2">
      {missing.map((vip) => (
        <NotHere key={vip.address} vip={vip} />
      ))}
      {live.hints.map((hint) => (
        <Note key={hint} tone="warn">
          {hint}
        </Note>
      ))}
    </section>
  );
}

function NotHere({ vip }: { readonly vip: VipState }) {
  return (
    <Note tone="warn">
      <b>
        Nothing has arrived for <span className="mono">{vip.address}</span>.
      </b>{" "}
      No interface of the balancer carries it and nothing routed here was counted.
      {vip.command === null ? null : (
        <span className="mt-1 flex flex-wrap items-center gap-1">
          Route it here, or add it: <code className="break-all">{vip.command}</code>
          <CopyButton text={vip.command} what="command" />
        </span>
      )}
    </Note>
  );
}
