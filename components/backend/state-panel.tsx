import { marksOf } from "@/components/farm-live/backend-marks.ts";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { formatAge, formatCount, formatRate } from "@/components/ui/numbers.ts";
import { Panel } from "@/components/ui/panel.tsx";
import { backendGlyph, StatusGlyph } from "@/components/ui/status-glyph.tsx";
import { adminText, healthText } from "@/components/ui/status-words.ts";
import type { Backend, Farm } from "@/server/core/farm/types.ts";
import { factorOfLive } from "@/server/core/health/live-conditions.ts";
import type { BackendLive } from "@/server/core/metrics/live.ts";
import { Fact } from "./fact.tsx";
import { rotationText } from "./rotation.ts";

type StatePanelProps = {
  readonly farm: Farm;
  readonly backend: Backend;
  readonly row: BackendLive | null;
  /** the balancer's clock */
  readonly nowMs: number | null;
  readonly panic: string | undefined;
  /** values are the last known ones */
  readonly isLost: boolean;
};

/** What was decided and what was measured, side by side and never merged, and what that makes of its weight. */
export function StatePanel({ farm, backend, row, nowMs, panic, isLost }: StatePanelProps) {
  const health = row?.health ?? "unknown";
  const isChecked = row?.check !== undefined;
  return (
    <Panel title="State" padded>
      <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
        <Fact name="Decided by administrators">
          <StatusGlyph
            kind={backend.adminState === "active" ? "up" : backendGlyph(backend.adminState, "unknown")}
            className={backend.adminState === "active" ? "hidden" : undefined}
          />
          <b className="font-medium">{adminText(backend.adminState)}</b>
          {row?.drain === undefined ? null : (
            <span className="text-ink-2">
              since <LocalTime atMs={row.drain.sinceMs} withDate />
            </span>
          )}
        </Fact>
        <Fact name="Measured by checks">
          <StatusGlyph kind={backendGlyph("active", health, isLost)} />
          <b className="font-medium">
            {isLost ? `Unknown, was ${healthText(health, isChecked)}` : healthText(health, isChecked)}
          </b>
          <Since row={row} nowMs={isLost ? null : nowMs} />
          {row?.reason ? <span className="w-full text-ink-2">{row.reason}</span> : null}
        </Fact>
        <Fact name="In rotation">
          <span>{rotationText(farm, backend, row)}</span>
        </Fact>
        <Fact name="Weight">
          <span>
            {formatCount(backend.weight)}
            {backend.tier === 0 ? "" : `, tier ${backend.tier}`}
            {factorOf(row) === 1 ? "" : `, counts as ${formatRate(backend.weight * factorOf(row))}`}
          </span>
        </Fact>
      </dl>
      <Marks row={row} panic={panic} />
    </Panel>
  );
}

type SinceProps = Pick<StatePanelProps, "row" | "nowMs">;

/** An age is told of what is known without a break only. */
function Since({ row, nowMs }: SinceProps) {
  if (row?.healthSince === undefined) return null;
  const { healthSince, askedAgainAt } = row;
  const known = askedAgainAt ?? healthSince;
  return (
    <>
      <span className="text-ink-2">
        {askedAgainAt === undefined ? "since " : "asked again since "}
        <LocalTime atMs={known} withDate />
        {nowMs === null ? null : <span className="whitespace-nowrap"> ({formatAge(nowMs - known)})</span>}
      </span>
      {askedAgainAt === undefined ? null : (
        <span className="w-full text-ink-2">
          Not known for a while before; last change seen <LocalTime atMs={healthSince} withDate />
        </span>
      )}
    </>
  );
}

function Marks({ row, panic }: Pick<StatePanelProps, "row" | "panic">) {
  const marks = [...(panic === undefined ? [] : [`panic: ${panic}`]), ...(row === null ? [] : marksOf(row))];
  if (marks.length === 0) return null;
  return (
    <ul className="mt-3 grid gap-1 border-t border-line pt-2 text-ink-2">
      {marks.map((mark) => (
        <li key={mark}>{mark.charAt(0).toUpperCase() + mark.slice(1)}</li>
      ))}
    </ul>
  );
}

function factorOf(row: BackendLive | null): number {
  return factorOfLive(row?.weights);
}
