"use client";

import { Play } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useState } from "react";
import type { SetEnabled } from "@/components/backend-actions/use-set-enabled.ts";
import { useSetEnabled } from "@/components/backend-actions/use-set-enabled.ts";
import { explainHref } from "@/components/explain/question.ts";
import { isNotKnown } from "@/components/live/freshness.ts";
import { useAgentState, useFarmRows, useFreshness } from "@/components/live/use-live.ts";
import { CrumbFarm } from "@/components/shell/crumbs.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Note } from "@/components/ui/note.tsx";
import { FarmStatus } from "@/components/ui/status-text.tsx";
import { SyncMark } from "@/components/ui/sync-mark.tsx";
import type { FarmView } from "@/server/core/change/views.ts";
import { isTracked } from "@/server/core/farm/forwarding.ts";
import { checkFactText, forwardingText, rowText, schedulerText, stickyText, vipTexts } from "./farm-text.ts";

type FarmHeaderProps = {
  readonly view: FarmView;
  /** null = may not; the reason is said elsewhere */
  readonly setEnabled: SetEnabled | null;
};

/** Who this farm is, how it is, and the one switch that belongs to the whole of it. */
export function FarmHeader({ view, setEnabled }: FarmHeaderProps) {
  const { farm, version } = view;
  const row = useFarmRows()?.get(farm.id);
  const isLost = isNotKnown(useFreshness().state);
  return (
    <div className="grid gap-2.5">
      <CrumbFarm name={farm.name} />
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-title font-semibold tracking-[-0.02em] break-words">{farm.name}</h1>
        {row === undefined ? null : <FarmStatus word={row.word} isLost={isLost} />}
        {row === undefined ? null : (
          <span className="min-w-0 text-ink-2 md:flex-1 md:basis-80">{rowText(row, isLost)}</span>
        )}
        <span className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-2">
          <Link className="link" href={explainHref(farm)}>
            Explain a client
          </Link>
          <SyncLine />
          {setEnabled === null ? null : <EnableButton view={view} setEnabled={setEnabled} />}
        </span>
      </div>
      {row?.panic === undefined || isLost ? null : (
        <Note tone="warn">
          <b>Panic:</b> {row.panic}
        </Note>
      )}
      <dl className="flex flex-wrap items-center gap-x-5.5 gap-y-1.5 text-ink-2">
        <Fact name={farm.addresses.length === 1 ? "VIP" : "VIPs"}>
          {vipTexts(farm).map((vip) => (
            <span key={vip} className="inline-flex items-center gap-1">
              <span className="mono">{vip}</span>
              <CopyButton text={vip} what="address" />
            </span>
          ))}
          <span>
            {farm.protocol}
            {farm.ports.length === 0 ? ", every port" : ""}
          </span>
        </Fact>
        <Fact name="Scheduler">{schedulerText(farm)}</Fact>
        <Fact name="Forwarding">{forwardingText(farm)}</Fact>
        <Fact name="Sticky">{stickyText(farm)}</Fact>
        <Fact name="Check">{checkFactText(farm)}</Fact>
        <Fact name="Last changed in revision">{version}</Fact>
      </dl>
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5">
      <dt className="text-small text-ink-3">{name}</dt>
      <dd className="inline-flex min-w-0 flex-wrap items-center gap-x-2 break-all">{children}</dd>
    </div>
  );
}

function SyncLine() {
  const agent = useAgentState();
  const { state } = useFreshness();
  if (state === "lost") return <SyncMark state="lost" />;
  if (agent?.sync == null || isNotKnown(state)) return null;
  return <SyncMark state={agent.sync} />;
}

type EnableButtonProps = { readonly view: FarmView; readonly setEnabled: SetEnabled };

function EnableButton({ view, setEnabled }: EnableButtonProps) {
  const { farm } = view;
  const [isAsked, setAsked] = useState(false);
  const { isPending, run } = useSetEnabled(setEnabled);
  const isLost = useFreshness().state === "lost";
  const reason = isLost ? "The agent does not answer" : null;
  async function change(enabled: boolean): Promise<void> {
    await run(view, enabled);
    setAsked(false);
  }
  return (
    <>
      {farm.enabled ? (
        <Button disabledReason={reason} onClick={() => setAsked(true)}>
          Stop farm
        </Button>
      ) : (
        <Button disabledReason={reason} pending={isPending} onClick={() => void change(true)}>
          <Play aria-hidden className="size-3.5" strokeWidth={1.5} />
          Start farm
        </Button>
      )}
      <ConfirmDialog
        open={isAsked}
        onClose={() => setAsked(false)}
        title={`Stop ${farm.name}?`}
        action="Stop farm"
        pending={isPending}
        onConfirm={() => void change(false)}
      >
        New connections to {vipTexts(farm).join(", ")} are no longer answered. Open connections{" "}
        {isTracked(farm) ? "stay" : "end"}.
      </ConfirmDialog>
    </>
  );
}
