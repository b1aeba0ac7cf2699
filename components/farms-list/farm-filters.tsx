"use client";

import clsx from "clsx";
import type { FarmBrief } from "@/components/overview/farm-brief.ts";
import { SearchBox } from "@/components/ui/search-box.tsx";
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import type { ListQuery, StateFilter } from "./list-model.ts";
import { matchesState, stateFilters } from "./list-model.ts";

const chips: Record<StateFilter, { readonly label: string; readonly glyph: GlyphKind | null }> = {
  all: { label: "All", glyph: null },
  up: { label: "Up", glyph: "up" },
  trouble: { label: "Trouble", glyph: "degraded" },
  draining: { label: "Draining", glyph: "draining" },
  "not-checked": { label: "Not checked", glyph: "unknown" },
  stopped: { label: "Stopped", glyph: "stopped" },
};

type FarmFiltersProps = {
  readonly farms: readonly FarmBrief[];
  readonly rows: ReadonlyMap<string, FarmRow> | null;
  readonly query: ListQuery;
  /** what was measured is not known now; what was decided is */
  readonly isLost: boolean;
  readonly onChange: (query: ListQuery) => void;
};

/** Text and one state; states without a farm are left out, except the chosen one. */
export function FarmFilters({ farms, rows, query, isLost, onChange }: FarmFiltersProps) {
  return (
    <search className="flex min-w-0 flex-1 flex-wrap max-md:basis-full items-center gap-2">
      <SearchBox
        label="Filter by name, address, port or tag"
        placeholder="Name, address, port, tag"
        value={query.text}
        onChange={(text) => onChange({ ...query, text })}
      />
      {stateFilters.map((state) => {
        const count = farms.filter((farm) => matchesState(farm, rows, state)).length;
        if (count === 0 && state !== query.state && state !== "all") return null;
        const { label, glyph } = chips[state];
        return (
          <button
            key={state}
            type="button"
            aria-pressed={query.state === state}
            onClick={() => onChange({ ...query, state })}
            className={clsx(
              "inline-flex h-7 items-center gap-1.5 rounded-2 border px-2 text-small whitespace-nowrap max-md:h-9",
              query.state === state
                ? "border-accent-line bg-selected text-ink"
                : "border-line-strong bg-surface text-ink-2 hover:bg-hover",
            )}
          >
            {glyph === null ? null : <StatusGlyph kind={isLost && state !== "stopped" ? "unknown" : glyph} />}
            {label} <b className="font-medium text-ink">{count}</b>
          </button>
        );
      })}
    </search>
  );
}
