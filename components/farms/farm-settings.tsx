"use client";

import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import type { FarmView, Role } from "@/server/core/change/views.ts";
import { DangerZone } from "./danger-zone.tsx";
import { FarmForm } from "./farm-form.tsx";
import { FarmWindows } from "./farm-windows.tsx";
import { draftOfFarm } from "./form-model.ts";

type FarmSettingsProps = {
  readonly view: FarmView;
  readonly role: Role;
  readonly actions: FarmActions;
  readonly listNames: readonly string[];
};

export function FarmSettings({ view, role, actions, listNames }: FarmSettingsProps) {
  const [start] = useState(() => draftOfFarm(view.farm));
  const { id } = view.farm;
  return (
    <>
      <FarmForm
        farmId={id}
        view={view}
        start={start}
        storageKey={`sluice.farm.${id}`}
        role={role}
        actions={actions}
        listNames={listNames}
      />
      <FarmWindows farm={view.farm} canPlan={role !== "viewer"} />
      <DangerZone view={view} role={role} actions={actions} />
    </>
  );
}
