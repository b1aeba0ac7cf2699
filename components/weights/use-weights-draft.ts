import { useEffect, useMemo, useState } from "react";
import { readDraft, writeDraft } from "@/components/changes/session-draft.ts";
import {
  createDraft,
  type Draft,
  remember,
  resetToRunning,
  settle,
  stagedEdits,
  withServing,
} from "@/server/core/change/draft.ts";
import { rebaseDraft, restoreDraft } from "@/server/core/change/draft-storage.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import { servingBackends } from "@/server/core/change/what-if.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { healthOf } from "./board-model.ts";
import { parseStoredDraft, type StoredDraft, storeDraft } from "./stored-draft.ts";

/** Somebody else changed weights under staged edits: what the edits were made on, until it is looked at. */
type Overtaken = { readonly base: number; readonly running: Readonly<Record<string, number>> };

export type WeightsDraft = {
  readonly draft: Draft;
  /** the farm as it is now: the newer of what the page was given and what an answer told */
  readonly view: FarmView;
  readonly overtaken: Overtaken | null;
  readonly isRestored: boolean;
  edit(change: (draft: Draft) => Draft): void;
  /** an answer brought a newer farm */
  learn(view: FarmView): void;
  /** the overtaken edits were looked at: `theirs` gives these rows up */
  settleOvertaken(theirs: readonly string[]): void;
  discard(): void;
};

type State = { readonly draft: Draft; readonly overtaken: Overtaken | null };

export function useWeightsDraft(given: FarmView, live: FarmLive | null): WeightsDraft {
  const [learned, setLearned] = useState(given);
  const view = given.version >= learned.version ? given : learned;
  const serving = useServing(view.farm, live);
  const [state, setState] = useState<State>(() => ({
    draft: createDraft(view.farm, view.version, serving),
    overtaken: null,
  }));
  const [isRestored, setRestored] = useState(false);
  const [isLoaded, setLoaded] = useState(false);
  const key = `sluice.weights.${view.farm.id}`;

  // once per farm: what is edited from here on is written, not read
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const stored = readDraft(key, parseStoredDraft);
    setLoaded(true);
    if (stored === null) return;
    const restored = restoreState(stored, view, serving);
    if (restored === null) return;
    setState(restored);
    setRestored(stagedEdits(restored.draft).length > 0);
  }, [key]);

  // the newest farm under the draft, in the same render: the board never shows a mixture
  const current = onto(state, view);
  if (current !== state) setState(current);
  useEffect(() => {
    if (isLoaded) writeDraft(key, storeDraft(current.draft, current.overtaken));
  }, [isLoaded, key, current]);

  const draft = useMemo(() => withServing(current.draft, serving), [current.draft, serving]);
  return {
    draft,
    view,
    overtaken: current.overtaken,
    isRestored,
    edit: (change) => setState((old) => ({ ...old, draft: change(withServing(old.draft, serving)) })),
    learn: (newer) => setLearned((old) => (newer.version > old.version ? newer : old)),
    settleOvertaken: (theirs) => setState((old) => ({ draft: giveUp(settle(old.draft), theirs), overtaken: null })),
    discard: () => {
      setRestored(false);
      setState((old) => ({ draft: resetToRunning(old.draft), overtaken: null }));
    },
  };
}

/** New each second, changed rarely: the same list is kept while its content is. */
function useServing(farm: Farm, live: FarmLive | null): readonly string[] {
  const key = servingBackends(farm, healthOf(live)).join();
  return useMemo(() => (key === "" ? [] : key.split(",")), [key]);
}

/** The draft on top of a newer farm. Weights others changed under staged edits are remembered until they are looked at. */
function onto(state: State, view: FarmView): State {
  const { draft } = state;
  if (view.version <= draft.base) return state;
  const rebased = rebaseDraft(draft, view.farm, view.version).draft;
  const isMoved = view.farm.backends.some(({ id, weight }) => draft.running[id] !== weight);
  const isEdited = stagedEdits(rebased).length > 0;
  const overtaken = state.overtaken ?? { base: draft.base, running: draft.running };
  return { draft: rebased, overtaken: isEdited && (isMoved || state.overtaken !== null) ? overtaken : null };
}

function restoreState(stored: StoredDraft, view: FarmView, serving: readonly string[]): State | null {
  const restored = restoreDraft(stored.draft, view.farm, view.version, serving);
  if (restored === null) return null;
  const running = { ...restored.draft.running };
  for (const { backendId, base } of restored.collisions) running[backendId] = base;
  const fresh = restored.collisions.length === 0 ? null : { base: view.version - 1, running };
  return { draft: restored.draft, overtaken: stored.overtaken ?? fresh };
}

/** These rows take the running weight, locked or not and whatever the mode. */
function giveUp(draft: Draft, backendIds: readonly string[]): Draft {
  return remember(
    draft,
    draft.rows.map((row) =>
      backendIds.includes(row.backendId) ? { ...row, weight: draft.running[row.backendId] ?? row.weight } : row,
    ),
  );
}
