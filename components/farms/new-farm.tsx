"use client";

import { useState } from "react";
import type { FarmActions } from "@/components/changes/farm-actions.ts";
import type { Role } from "@/server/core/change/views.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { FarmForm } from "./farm-form.tsx";
import { duplicateDraft, emptyDraft } from "./form-model.ts";
import { withSuggestedCheck } from "./suggested-check.ts";

type NewFarmProps = {
  /** id of the farm to be: made by the server, so that both sides draw the same */
  readonly farmId: string;
  readonly backendIds: readonly string[];
  /** the farm it starts from, or null */
  readonly from: Farm | null;
  readonly role: Role;
  readonly actions: FarmActions;
  readonly listNames: readonly string[];
};

export function NewFarm({ farmId, backendIds, from, role, actions, listNames }: NewFarmProps) {
  const [start] = useState(() => {
    if (from === null) return withSuggestedCheck(emptyDraft(backendIds.slice(0, 2)));
    const ids = [...backendIds];
    return duplicateDraft(from, () => ids.shift() ?? crypto.randomUUID());
  });
  return (
    <FarmForm
      farmId={farmId}
      view={null}
      start={start}
      storageKey={from === null ? "sluice.farm.new" : `sluice.farm.copy.${from.id}`}
      role={role}
      actions={actions}
      listNames={listNames}
    />
  );
}
