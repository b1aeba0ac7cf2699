"use client";

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import clsx from "clsx";
import { useMemo, useRef } from "react";
import { GroupHead, Heads } from "./monitor-heads.tsx";
import { linesOf, type MonitorLine, shownIndexes } from "./monitor-lines.ts";
import type { GroupKey, MonitorGroup } from "./monitor-model.ts";
import { MonitorTableRow } from "./monitor-row.tsx";
import type { Ticks } from "./ticks.ts";
import { useKeptFocus } from "./use-kept-focus.ts";
import { useNarrow } from "./use-narrow.ts";

type MonitorTableProps = {
  readonly groups: readonly MonitorGroup[];
  readonly folded: ReadonlySet<GroupKey>;
  readonly onFold: (key: GroupKey) => void;
  readonly isLost: boolean;
  readonly isComfortable: boolean;
  readonly nowS: number | null;
  /** null = may only read */
  readonly ticks: Ticks | null;
};

const widths = ["min(190px, 34vw)", "12%", "12%", "auto", "64px", "82px", "72px", "84px", "112px"];
/** narrow: the state with its reason, the backend with its farm */
const narrowWidths = ["50%", "auto"];
const heights = { compact: 32, comfortable: 44, narrow: 52 };

/** Only the lines in view are in the page; the rest is room above and below them. */
export function MonitorTable({ groups, folded, onFold, isLost, isComfortable, nowS, ticks }: MonitorTableProps) {
  const lines = useMemo(() => linesOf(groups, folded), [groups, folded]);
  const scroller = useRef<HTMLElement>(null);
  const focus = useKeptFocus();
  const isNarrow = useNarrow();
  const height = heights[isNarrow ? "narrow" : isComfortable ? "comfortable" : "compact"];
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 10,
    // the head of the table
    scrollMargin: height,
    initialRect: { width: 1000, height: 800 },
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      const kept = lines.findIndex(({ key }) => key === focus.line.current);
      return shownIndexes({ from: shown[0] ?? 0, to: shown.at(-1) ?? -1 }, kept);
    },
  });
  const shown = virtual.getVirtualItems().flatMap(({ index }) => {
    const line = lines[index];
    return line === undefined ? [] : [{ index, line }];
  });
  const shownWidths = isNarrow ? narrowWidths : widths;
  const columns = shownWidths.length + (ticks === null ? 0 : 1);
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Backends by state"
      className="tblwrap max-h-[max(320px,calc(100dvh-230px))] overflow-auto [overflow-anchor:none]"
      onFocus={focus.onFocus}
      onBlur={focus.onBlur}
    >
      <table
        aria-rowcount={lines.length + 1}
        className={clsx(
          "tbl table-fixed",
          isNarrow ? "tight [&_tbody_tr]:h-13" : "min-w-[940px]",
          isComfortable && !isNarrow && "comfort",
          isLost && "lost lost-rows",
        )}
      >
        <caption className="sr-only">Backends by state, worst first</caption>
        <colgroup>
          {ticks === null ? null : <col style={{ width: 38 }} />}
          {shownWidths.map((width, at) => (
            // columns have no identity but their place
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <col key={at} style={{ width }} />
          ))}
        </colgroup>
        <Heads hasTicks={ticks !== null} isNarrow={isNarrow} />
        <tbody>
          {shown.map(({ index, line }, at) => (
            <Gapped
              key={line.key}
              gapPx={(index - (shown[at - 1]?.index ?? -1) - 1) * height}
              columns={columns}
              line={line}
              index={index}
              {...{ isLost, isNarrow, nowS, ticks, onFold }}
            />
          ))}
          <Room heightPx={(lines.length - 1 - (shown.at(-1)?.index ?? -1)) * height} columns={columns} />
        </tbody>
      </table>
    </section>
  );
}

type LineProps = Pick<MonitorTableProps, "isLost" | "nowS" | "ticks" | "onFold"> & {
  readonly line: MonitorLine;
  readonly index: number;
  readonly columns: number;
  readonly isNarrow: boolean;
};

/** A line with the room of those that are not in the page before it. */
function Gapped({ gapPx, ...line }: LineProps & { readonly gapPx: number }) {
  return (
    <>
      <Room heightPx={gapPx} columns={line.columns} />
      <Line {...line} />
    </>
  );
}

function Line({ line, index, columns, isLost, isNarrow, nowS, ticks, onFold }: LineProps) {
  if (line.kind === "head")
    return <GroupHead line={line} index={index} columns={columns} isLost={isLost} ticks={ticks} onFold={onFold} />;
  const { item } = line;
  return (
    <MonitorTableRow
      item={item}
      index={index}
      isLost={isLost}
      isNarrow={isNarrow}
      nowS={nowS}
      isTicked={ticks === null ? null : ticks.ticked.has(item.backend.id)}
      onTick={ticks?.onTick}
    />
  );
}

function Room({ heightPx, columns }: { readonly heightPx: number; readonly columns: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} className="p-0! border-0!" style={{ height: heightPx }} />
    </tr>
  );
}
