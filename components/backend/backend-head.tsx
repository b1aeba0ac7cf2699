"use client";

import { Activity, Play } from "lucide-react";
import Link from "next/link";
import { drainLabel, maintenanceLabel } from "@/components/backend-actions/admin-words.ts";
import { backendAddressText } from "@/components/farm-live/farm-text.ts";
import { Button } from "@/components/ui/button.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { SeriesSwatch } from "@/components/ui/series-swatch.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { BackendStatus } from "@/components/ui/status-text.tsx";
import type { AdminControl } from "@/components/weights/use-admin-state.ts";
import type { Backend, Farm } from "@/server/core/farm/types.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";
import type { TestNow } from "./use-test-now.ts";

type BackendHeadProps = {
  readonly farm: Farm;
  readonly backend: Backend;
  readonly row: BackendLive | null;
  readonly isLost: boolean;
  /** null = may only read */
  readonly control: AdminControl | null;
  readonly test: TestNow | null;
};

/** Who this backend is, and what can be done with it. */
export function BackendHead({ farm, backend, row, isLost, control, test }: BackendHeadProps) {
  return (
    <header className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
      <h2 className="inline-flex min-w-0 items-center gap-2 text-[17px]/6 font-semibold tracking-[-0.01em] break-all">
        <SeriesSwatch index={farm.backends.findIndex(({ id }) => id === backend.id)} />
        {backend.name}
      </h2>
      <BackendStatus
        adminState={backend.adminState}
        health={row?.health ?? "unknown"}
        active={row?.active ?? null}
        isLost={isLost}
        isChecked={row?.check !== undefined}
      />
      <span className="inline-flex items-center gap-1">
        <span className="mono">{backendAddressText(backend)}</span>
        <CopyButton text={backend.address} what="address" />
      </span>
      <span className="ml-auto flex flex-wrap items-center gap-2">
        <Link className="link" href={`/farms/${farm.id}/settings`}>
          Settings
        </Link>
        {test === null ? null : <TestButton test={test} row={row} isLost={isLost} />}
        {control === null ? null : (
          <StateButtons farm={farm} backend={backend} row={row} isLost={isLost} control={control} />
        )}
      </span>
    </header>
  );
}

const icon = { "aria-hidden": true, className: "size-3.5", strokeWidth: 1.5 } as const;

function TestButton({ test, row, isLost }: Pick<BackendHeadProps, "row" | "isLost"> & { readonly test: TestNow }) {
  const none = row !== null && row.check === undefined ? "No check is set for it" : null;
  return (
    <Button disabledReason={isLost ? "The agent does not answer" : none} pending={test.isPending} onClick={test.run}>
      <Activity {...icon} />
      Test now
    </Button>
  );
}

type StateButtonsProps = Omit<BackendHeadProps, "control" | "test"> & { readonly control: AdminControl };

function StateButtons({ farm, backend, row, isLost, control }: StateButtonsProps) {
  const { adminState } = backend;
  const hasSticky = farm.persistence !== null;
  const blocked = isLost ? "The agent does not answer" : control.isPending ? "A change is under way" : null;
  const admin = { backend, live: row };
  return (
    <>
      {adminState === "active" ? null : (
        <Button disabledReason={blocked} onClick={() => control.request(admin, "active")}>
          <Play {...icon} />
          Resume
        </Button>
      )}
      {adminState === "drain" ? null : (
        <Button disabledReason={blocked} title={drainLabel(hasSticky)} onClick={() => control.request(admin, "drain")}>
          <StatusGlyph kind="draining" />
          Drain
        </Button>
      )}
      {adminState === "maintenance" ? null : (
        <Button
          disabledReason={blocked}
          title={maintenanceLabel(hasSticky)}
          onClick={() => control.request(admin, "maintenance")}
        >
          <StatusGlyph kind="stopped" />
          Maintenance
        </Button>
      )}
    </>
  );
}
