import type { FarmWord } from "@/server/core/farm/types.ts";
import { runsOf, type StripRun, stripText } from "./hour-runs.ts";

type HourStripProps = {
  /** minute by minute, the running one at the end */
  readonly words: readonly (FarmWord | null)[];
};

/** Height tells as much as colour: trouble stands higher than all is well, what is not known is a broken line. */
export function HourStrip({ words }: HourStripProps) {
  const runs = runsOf(words);
  if (runs.length === 0) return <span className="zero text-small">no history yet</span>;
  const text = stripText(runs);
  return (
    <svg
      viewBox={`0 0 ${words.length} 16`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text}
      className="hour h-4 w-full"
    >
      <title>{text}</title>
      {runs.map((run) => (
        <Run key={run.from} run={run} />
      ))}
    </svg>
  );
}

const tops: Partial<Record<FarmWord, number>> = { up: 10, problem: 5, critical: 2, down: 0 };

function Run({ run: { word, from, minutes } }: { readonly run: StripRun }) {
  const top = word === null ? undefined : tops[word];
  if (top !== undefined) return <rect className={word ?? ""} x={from} y={top} width={minutes} height={16 - top} />;
  const to = from + minutes;
  const isUnknown = word === null || word === "unknown";
  return (
    <path
      className={word ?? "unknown"}
      d={isUnknown ? `M${from} 13H${to}` : `M${from} 10.5H${to}M${from} 15.5H${to}`}
    />
  );
}
