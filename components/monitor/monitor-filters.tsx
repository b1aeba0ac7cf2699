import clsx from "clsx";
import { Search } from "lucide-react";
import { Select } from "@/components/ui/choice.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import type { MonitorFarm } from "./monitor-brief.ts";
import { type GroupKey, groupKeys, groupLooks } from "./monitor-model.ts";
import type { MonitorQuery } from "./monitor-query.ts";

type MonitorFiltersProps = {
  readonly farms: readonly MonitorFarm[];
  /** of what the other filters leave */
  readonly counts: ReadonlyMap<GroupKey, number>;
  readonly total: number;
  readonly query: MonitorQuery;
  readonly isLost: boolean;
  readonly onChange: (query: MonitorQuery) => void;
};

/** Text, farm, tag, and one state; states without a backend are left out, except the chosen one. */
export function MonitorFilters({ farms, counts, total, query, isLost, onChange }: MonitorFiltersProps) {
  const tags = [...new Set(farms.flatMap((farm) => farm.tags))].sort();
  const names = farms.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <search className="flex min-w-0 flex-wrap items-center gap-2">
      <label className="flex h-7 w-64 items-center gap-2 rounded-2 border border-control-line bg-surface pl-2 focus-within:shadow-(--focus) max-md:h-9 max-md:w-full">
        <Search aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.5} />
        <span className="sr-only">Filter by backend, address, farm, tag or reason</span>
        <input
          type="search"
          className="h-full min-w-0 flex-1 bg-transparent pr-2 placeholder:text-ink-3 focus-visible:shadow-none"
          placeholder="Backend, farm, tag, reason"
          value={query.text}
          onChange={(event) => onChange({ ...query, text: event.target.value })}
        />
      </label>
      <Select
        compact
        aria-label="Farm"
        className="max-w-44"
        value={query.farmId}
        options={[{ value: "", label: "Every farm" }, ...names]}
        onChange={(event) => onChange({ ...query, farmId: event.target.value })}
      />
      {tags.length === 0 && query.tag === "" ? null : (
        <Select
          compact
          aria-label="Tag"
          className="max-w-44"
          value={query.tag}
          options={[{ value: "", label: "Every tag" }, ...tags.map((tag) => ({ value: tag, label: tag }))]}
          onChange={(event) => onChange({ ...query, tag: event.target.value })}
        />
      )}
      <Chip isOn={query.state === null} onClick={() => onChange({ ...query, state: null })}>
        All <b className="font-medium text-ink">{formatCount(total)}</b>
      </Chip>
      {groupKeys.map((key) => {
        const count = counts.get(key) ?? 0;
        if (count === 0 && key !== query.state) return null;
        const { title, glyph } = groupLooks[key];
        const isOn = query.state === key;
        return (
          <Chip key={key} isOn={isOn} onClick={() => onChange({ ...query, state: isOn ? null : key })}>
            <StatusGlyph kind={isLost ? "unknown" : glyph} />
            {title} <b className="font-medium text-ink">{formatCount(count)}</b>
          </Chip>
        );
      })}
    </search>
  );
}

type ChipProps = { readonly isOn: boolean; readonly onClick: () => void; readonly children: React.ReactNode };

function Chip({ isOn, onClick, children }: ChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isOn}
      onClick={onClick}
      className={clsx(
        "inline-flex h-7 items-center gap-1.5 rounded-2 border px-2 text-small whitespace-nowrap max-md:h-9",
        isOn ? "border-accent-line bg-selected text-ink" : "border-line-strong bg-surface text-ink-2 hover:bg-hover",
      )}
    >
      {children}
    </button>
  );
}
