import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { Checkbox } from "@/components/ui/choice.tsx";
import { Th } from "@/components/ui/data-table.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import { StatusGlyph } from "@/components/ui/status-glyph.tsx";
import type { MonitorLine } from "./monitor-lines.ts";
import { type GroupKey, groupLooks } from "./monitor-model.ts";
import type { Ticks } from "./ticks.ts";

type HeadsProps = { readonly hasTicks: boolean; readonly isNarrow: boolean };

export function Heads({ hasTicks, isNarrow }: HeadsProps) {
  const stuck = "sticky top-0 z-2";
  return (
    <thead>
      <tr aria-rowindex={1}>
        {hasTicks ? (
          <Th className={stuck}>
            <span className="sr-only">Ticked</span>
          </Th>
        ) : null}
        <Th className={stuck}>State</Th>
        <Th className={clsx(stuck, "left-0 z-3!")}>Backend</Th>
        {isNarrow ? null : <MoreHeads stuck={stuck} />}
      </tr>
    </thead>
  );
}

function MoreHeads({ stuck }: { readonly stuck: string }) {
  return (
    <>
      <Th className={stuck}>Farm</Th>
      <Th className={stuck}>Reason</Th>
      <Th num className={stuck}>
        Since
      </Th>
      <Th num className={stuck}>
        Last check
      </Th>
      <Th num className={stuck}>
        Share, %
      </Th>
      <Th num className={stuck}>
        Active
      </Th>
      <Th num className={stuck}>
        Connect p95, ms
      </Th>
    </>
  );
}

type GroupHeadProps = {
  readonly line: Extract<MonitorLine, { kind: "head" }>;
  readonly index: number;
  readonly columns: number;
  readonly isLost: boolean;
  readonly ticks: Ticks | null;
  readonly onFold: (key: GroupKey) => void;
};

export function GroupHead({ line, index, columns, isLost, ticks, onFold }: GroupHeadProps) {
  const { key, items } = line.group;
  const { title, glyph } = groupLooks[key];
  const ids = items.map(({ backend }) => backend.id);
  const count = ticks === null ? 0 : ids.filter((id) => ticks.ticked.has(id)).length;
  return (
    <tr data-line={line.key} aria-rowindex={index + 2} className="*:bg-sunken!">
      {ticks === null ? null : (
        <td>
          <Checkbox
            aria-label={`Tick all listed in ${title}`}
            data-control="tick"
            checked={count === ids.length}
            indeterminate={count > 0 && count < ids.length}
            onChange={(event) => ticks.onTick(ids, event.target.checked)}
          />
        </td>
      )}
      <th scope="rowgroup" colSpan={columns - (ticks === null ? 0 : 1)} className="text-left">
        <button
          type="button"
          data-control="fold"
          aria-expanded={!line.isFolded}
          onClick={() => onFold(key)}
          className="sticky left-3 gap-2! font-semibold!"
        >
          <ChevronRight aria-hidden className={clsx("size-4 text-ink-3", !line.isFolded && "rotate-90")} />
          <StatusGlyph kind={isLost ? "unknown" : glyph} />
          {isLost ? `Was ${title.toLowerCase()}` : title}
          <span className="font-normal text-ink-2">{formatCount(items.length)}</span>
        </button>
      </th>
    </tr>
  );
}
