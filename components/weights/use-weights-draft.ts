import { useEffect, useMemo, useState } from "react";
import { readDraft, writeDraft } from "@/components/changes/session-draft.ts";
import {
  createDraft,
  type Draft,
  resetToRunning,
  setMode,
  settle,
  stagedEdits,
  withServing,
} from "@/server/core/change/draft.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import { servingBackends } from "@/server/core/change/what-if.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import type { FarmLive } from "@/server/core/metrics/live.ts";
import { conditionsNow } from "./board-model.ts";
import { type BoardState, giveUp, type Overtaken, onto, restoreBoardState } from "./board-state.ts";
import { parseStoredDraft, storeDraft } from "./stored-draft.ts";

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

export function useWeightsDraft(given: FarmView, live: FarmLive | null): WeightsDraft {
  const [learned, setLearned] = useState(given);
  const view = given.version >= learned.version ? given : learned;
  const serving = useServing(view.farm, live);
  const [state, setState] = useState<BoardState>(() => ({
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
    const restored = restoreBoardState(stored, view, serving);
    if (restored === null) return;
    setState(restored);
    setRestored(stagedEdits(restored.draft).length > 0);
  }, [key]);

  // the newest farm under the draft, in the same render: the board never shows a mixture
  const current = onto(withUsableMode(state, view.farm), view);
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

/** Round robin has no shares to move: every backend that takes part takes the same. */
function withUsableMode(state: BoardState, farm: Farm): BoardState {
  if (farm.scheduler !== "round-robin" || state.draft.mode === "weights") return state;
  return { ...state, draft: setMode(state.draft, "weights") };
}

/** New each second, changed rarely: the same list is kept while its content is. */
function useServing(farm: Farm, live: FarmLive | null): readonly string[] {
  const key = servingBackends(farm, conditionsNow(live)).join();
  return useMemo(() => (key === "" ? [] : key.split(",")), [key]);
}
