import { useEffect, useMemo, useState } from "react";
import { readDraft, writeDraft } from "@/components/changes/session-draft.ts";
import type { FarmView } from "@/server/core/change/views.ts";
import type { Farm } from "@/server/core/farm/types.ts";
import { parseFarm } from "@/server/core/farm/validate.ts";
import { checkMessage } from "./check-draft.ts";
import { type Patch, reasonsAgainst } from "./combinations.ts";
import { parseStoredForm } from "./form-draft-schema.ts";
import {
  type BackendDraft,
  documentOfDraft,
  draftOfFarm,
  emptyBackend,
  type FarmDraft,
  fieldOfPath,
  formIssues,
} from "./form-model.ts";
import { policyMessage } from "./policy-draft.ts";
import { followSuggestion } from "./suggested-check.ts";

export type FarmForm = {
  readonly draft: FarmDraft;
  /** the farm the edits stand on; null = a new one */
  readonly base: FarmView | null;
  /** the farm the form describes, or null while it describes none */
  readonly parsed: Farm | null;
  readonly isDirty: boolean;
  /** kept edits were looked for: from now on what is typed counts */
  readonly isReady: boolean;
  readonly isRestored: boolean;
  /** what to say at a field, and only once it was left or a save was tried */
  readonly errorOf: (path: string) => string | null;
  /** errors of fields the form does not show */
  readonly otherErrors: readonly string[];
  readonly isChanged: (key: keyof FarmDraft) => boolean;
  /** why this choice cannot be made as the form stands now; null = it can */
  readonly reasonAgainst: (patch: Patch) => string | null;
  /** an error is said at a field of these paths */
  readonly hasErrorAt: (paths: RegExp) => boolean;
  readonly set: (patch: Partial<FarmDraft>) => void;
  readonly change: (patch: Patch) => void;
  readonly setBackend: (id: string, patch: Partial<BackendDraft>) => void;
  readonly addBackend: () => void;
  readonly removeBackend: (id: string) => void;
  readonly touch: (path: string) => void;
  /** a save was tried: every error is said from now on */
  readonly showAll: () => void;
  readonly setServerErrors: (errors: Readonly<Record<string, string>>) => void;
  /** the farm as it is now becomes the base, the draft stays as given */
  readonly rebase: (base: FarmView, draft: FarmDraft) => void;
  readonly discard: () => void;
  /** applied: nothing is left to keep */
  readonly forget: () => void;
};

export type FarmFormInput = {
  readonly farmId: string;
  readonly view: FarmView | null;
  readonly start: FarmDraft;
  readonly storageKey: string;
  readonly newId: () => string;
};

type State = { readonly base: FarmView | null; readonly draft: FarmDraft };

const noErrors: Readonly<Record<string, string>> = {};

export function useFarmForm({ farmId, view, start, storageKey, newId }: FarmFormInput): FarmForm {
  const [state, setState] = useState<State>({ base: view, draft: start });
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const [serverErrors, setServerErrors] = useState(noErrors);
  const [isRestored, setRestored] = useState(false);
  const [isLoaded, setLoaded] = useState(false);
  const { base, draft } = state;
  const clean = useMemo(() => (base === null ? start : draftOfFarm(base.farm)), [base, start]);
  const isDirty = !sameDraft(draft, clean);

  useEffect(() => {
    const stored = readDraft(storageKey, parseStoredForm);
    if (stored !== null) {
      setState(stored);
      setRestored(true);
    }
    setLoaded(true);
  }, [storageKey]);
  useEffect(() => {
    if (isLoaded) writeDraft(storageKey, isDirty ? { base, draft } : null);
  }, [isLoaded, storageKey, isDirty, base, draft]);
  // somebody else changed the farm while nothing was edited here: show it as it is now
  if (view !== null && base !== null && view.version > base.version && !isDirty)
    setState({ base: view, draft: draftOfFarm(view.farm) });

  const result = useMemo(() => parseFarm(documentOfDraft(draft, farmId, base?.farm ?? null)), [draft, farmId, base]);
  const errors = useMemo(() => {
    const issues = result.ok ? [] : (result.error.issues ?? [{ path: "", message: result.error.text }]);
    const own = Object.fromEntries(
      [...issues].reverse().map((issue) => [fieldOfPath(issue.path), messageOf(draft, issue.path, issue.message)]),
    );
    return { ...own, ...formIssues(draft) };
  }, [result, draft]);

  const change = (next: (draft: FarmDraft) => FarmDraft) => {
    setServerErrors(noErrors);
    setState((old) => {
      const changed = next(old.draft);
      return { ...old, draft: old.base === null ? followSuggestion(old.draft, changed) : changed };
    });
  };
  const errorOf = (path: string) => {
    const isShown = isAll || touched.has(path);
    return serverErrors[path] ?? (isShown ? (errors[path] ?? null) : null);
  };
  const reasonAgainst = useMemo(() => reasonsAgainst(draft), [draft]);
  const everyError = isAll ? { ...errors, ...serverErrors } : serverErrors;
  return {
    draft,
    base,
    parsed: result.ok && Object.keys(errors).length === 0 ? result.value : null,
    isDirty,
    isReady: isLoaded,
    isRestored,
    errorOf,
    otherErrors: Object.entries(everyError).flatMap(([path, text]) =>
      isShownPath(path) ? [] : [path === "" ? text : `${path}: ${text}`],
    ),
    isChanged: (key) => base !== null && JSON.stringify(draft[key]) !== JSON.stringify(clean[key]),
    reasonAgainst,
    hasErrorAt: (paths) =>
      Object.keys({ ...errors, ...serverErrors }).some((path) => paths.test(path) && errorOf(path) !== null),
    set: (patch) => change((old) => ({ ...old, ...patch })),
    change,
    setBackend: (id, patch) =>
      change((old) => ({
        ...old,
        backends: old.backends.map((backend) => (backend.id === id ? { ...backend, ...patch } : backend)),
      })),
    addBackend: () => {
      const id = newId();
      change((old) => ({
        ...old,
        backends: [...old.backends, emptyBackend(id, old.backends.length, old.backends.at(-1))],
      }));
    },
    removeBackend: (id) => change((old) => ({ ...old, backends: old.backends.filter((backend) => backend.id !== id) })),
    touch: (path) => setTouched((old) => (old.has(path) ? old : new Set(old).add(path))),
    showAll: () => setAll(true),
    setServerErrors: (given) =>
      setServerErrors(
        Object.fromEntries(
          Object.entries(given).map(([path, text]) => [fieldOfPath(path), messageOf(draft, path, text)]),
        ),
      ),
    rebase: (newBase, newDraft) => setState({ base: newBase, draft: newDraft }),
    discard: () => {
      setState({ base: view, draft: view === null ? start : draftOfFarm(view.farm) });
      setAll(false);
      setTouched(new Set());
      setServerErrors(noErrors);
      setRestored(false);
    },
    forget: () => writeDraft(storageKey, null),
  };
}

function messageOf(draft: FarmDraft, path: string, message: string): string {
  const own = /^backends\[([0-9]+)\]\.(healthCheck.*)$/.exec(path);
  const check = own === null ? draft.check : draft.backends[Number(own[1])]?.check;
  const said = policyMessage(draft.policy, path, message);
  return check === undefined ? said : checkMessage(check, own?.[2] ?? path, said);
}

function sameDraft(a: FarmDraft, b: FarmDraft): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const shownPaths =
  /^(name|enabled|addresses(\[\d+\])?|protocol|ports|forwarding|snatAddress|scheduler|hashFields|persistence(\.[a-zA-Z0-9]+)?|pins(\[\d+\]\.(client|backend))?|drainSticky|onAllDown|sorryServer(\.[a-z]+)?|healthCheck(\.[a-zA-Z]+)?|onDown|failover\.[a-zA-Z]+|outlier(\.[a-zA-Z]+)?|dynamic\.(floorPct|ceilingPct|load(\.[a-z]+)?)|drainDeadlineS|policy\.[a-zA-Z]+|tags|notes|backends(\[\d+\]\.(name|address|port|snatAddress|weight|tier|maxConnections|healthCheck(\.[a-zA-Z]+)?))?)$/;

function isShownPath(path: string): boolean {
  return shownPaths.test(path);
}
