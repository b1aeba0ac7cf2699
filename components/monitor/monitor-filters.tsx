import clsx from "clsx";
import { Select } from "@/components/ui/choice.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { SearchBox } from "@/components/ui/search-box.tsx";
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
    <search className="flex min-w-0 flex-1 flex-wrap max-md:basis-full items-center gap-2">
      <SearchBox
        label="Filter by backend, address, farm, tag or reason"
        placeholder="Backend, farm, tag, reason"
        value={query.text}
        onChange={(text) => onChange({ ...query, text })}
      />
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
