/** The lines of farms and backends for `/metrics`, in pieces of about a millisecond: family by family, as the format wants it. */
import { type Family, familyHead, histogramLines, labelText, sampleLine } from "../core/metrics/exposition.ts";
import { backendFamilies, farmFamilies } from "../core/metrics/families.ts";
import type { BackendLive, FarmLive } from "../core/metrics/live.ts";
import { type TimeHistogram, timeBoundsS } from "../core/metrics/time-histogram.ts";
import type { FarmTrack } from "./farm-track.ts";
import { checkLines } from "./metrics-checks.ts";
import type { BackendTotals, FarmTotals, Totals } from "./totals.ts";

/** One moment: rows and tracks of the same tick. */
export type Measured = {
  readonly tracks: readonly FarmTrack[];
  readonly rowOf: (farmId: string) => FarmLive | null;
  readonly totals: Pick<Totals, "of">;
};

type OneFarm = {
  readonly track: FarmTrack;
  readonly row: FarmLive | null;
  readonly totals: FarmTotals | null;
  readonly labels: FarmLabels;
};
type OneBackend = {
  readonly track: FarmTrack;
  readonly index: number;
  readonly row: BackendLive | null;
  readonly totals: BackendTotals | null;
  readonly labels: string;
};
type FarmLabels = { readonly farm: string; readonly backends: readonly string[] };

const backendsPerPiece = 100;

export function* farmPieces(measured: Measured): Generator<string> {
  for (const [family, linesOf] of ofFarm) yield* familyPieces(family, measured, (farm) => linesOf(farm, family.name));
  for (const [family, linesOf] of [...ofBackend, ...ofCheck])
    yield* familyPieces(family, measured, (farm) => backendLines(farm, (backend) => linesOf(backend, family.name)));
}

/** A family without a line is left out whole. */
function* familyPieces(family: Family, measured: Measured, linesOf: (farm: OneFarm) => string): Generator<string> {
  let hasHead = false;
  let text = "";
  let backends = 0;
  for (const track of measured.tracks) {
    text += linesOf(oneFarm(track, measured));
    backends += track.farm.backends.length + 1;
    if (backends < backendsPerPiece) continue;
    if (text !== "" && !hasHead) text = familyHead(family) + text;
    hasHead ||= text !== "";
    yield text;
    text = "";
    backends = 0;
  }
  if (text !== "") yield hasHead ? text : familyHead(family) + text;
}

function oneFarm(track: FarmTrack, { rowOf, totals }: Measured): OneFarm {
  const farmId = track.farm.id;
  return { track, row: rowOf(farmId), totals: totals.of(farmId), labels: labelsOf(track) };
}

function backendLines({ track, row, totals, labels }: OneFarm, linesOf: (backend: OneBackend) => string): string {
  let text = "";
  for (const [index, { id }] of track.farm.backends.entries()) {
    const live = row?.backends[index];
    text += linesOf({
      track,
      index,
      row: live?.backendId === id ? live : null,
      totals: totals?.backends.get(id) ?? null,
      labels: labels.backends[index] ?? "",
    });
  }
  return text;
}

const known = new WeakMap<FarmTrack, FarmLabels>();

/** Escaped once for as long as the farm does not change. */
function labelsOf(track: FarmTrack): FarmLabels {
  const made = known.get(track) ?? {
    farm: labelText([["farm", track.farm.name]]),
    backends: track.farm.backends.map(({ name }) =>
      labelText([
        ["farm", track.farm.name],
        ["backend", name],
      ]),
    ),
  };
  known.set(track, made);
  return made;
}

const ofFarm: readonly (readonly [Family, (farm: OneFarm, name: string) => string])[] = [
  [
    farmFamilies.state,
    ({ row, labels }, name) => (row === null ? "" : sampleLine(name, labels.farm, 1, `state="${row.word}"`)),
  ],
  [farmFamilies.backends, ({ track, labels }, name) => sampleLine(name, labels.farm, track.farm.backends.length)],
  [farmFamilies.serving, ({ row, labels }, name) => sampleLine(name, labels.farm, row?.serving)],
  [
    farmFamilies.panic,
    ({ row, labels }, name) => sampleLine(name, labels.farm, row === null ? null : row.panic === undefined ? 0 : 1),
  ],
  [farmFamilies.connect, ({ totals, labels }, name) => timesLines(name, labels.farm, totals?.connect)],
  [farmFamilies.openTime, ({ totals, labels }, name) => timesLines(name, labels.farm, totals?.traffic)],
  [
    farmFamilies.turnedAway,
    ({ totals, labels }, name) => {
      let text = "";
      for (const { running, reason, list } of totals?.turned.values() ?? [])
        text += sampleLine(
          name,
          labels.farm,
          running.total,
          labelText(
            list === null
              ? [["reason", reason]]
              : [
                  ["reason", reason],
                  ["list", list],
                ],
          ),
        );
      return text;
    },
  ],
];

const ofBackend: readonly (readonly [Family, (backend: OneBackend, name: string) => string])[] = [
  [
    backendFamilies.info,
    ({ track, index, labels }, name) => {
      const backend = track.farm.backends[index];
      const port = backend?.port === null || backend === undefined ? "" : String(backend.port);
      const place = labelText([
        ["address", backend?.address ?? ""],
        ["port", port],
      ]);
      return sampleLine(name, labels, 1, place);
    },
  ],
  [
    backendFamilies.newConnections,
    ({ totals, labels }, name) => sampleLine(name, labels, totals?.newConnections.total),
  ],
  [backendFamilies.bytes, ({ totals, labels }, name) => bothWays(name, labels, totals?.bytesIn, totals?.bytesOut)],
  [
    backendFamilies.packets,
    ({ totals, labels }, name) => bothWays(name, labels, totals?.packetsIn, totals?.packetsOut),
  ],
  [backendFamilies.active, ({ row, labels }, name) => sampleLine(name, labels, row?.active)],
  [
    backendFamilies.share,
    ({ row, labels }, name) =>
      ratioLine(name, labels, row?.plannedPct, "planned") +
      ratioLine(name, labels, row?.programmedPct, "programmed") +
      ratioLine(name, labels, row?.observed?.sharePct, "observed"),
  ],
  [
    backendFamilies.weight,
    ({ track, index, labels }, name) => sampleLine(name, labels, track.farm.backends[index]?.weight),
  ],
  [
    backendFamilies.effectiveWeight,
    ({ track, index, labels }, name) => sampleLine(name, labels, track.eff.backends[index]?.weight),
  ],
  [
    backendFamilies.adminState,
    ({ track, index, labels }, name) =>
      sampleLine(name, labels, 1, `state="${track.farm.backends[index]?.adminState ?? "active"}"`),
  ],
  [
    backendFamilies.health,
    ({ row, labels }, name) => (row === null ? "" : sampleLine(name, labels, 1, `state="${row.health}"`)),
  ],
  [
    backendFamilies.connect,
    ({ row, labels }, name) =>
      percentileLine(name, labels, row?.connect?.p50Ms, "50") +
      percentileLine(name, labels, row?.connect?.p95Ms, "95") +
      percentileLine(name, labels, row?.connect?.p99Ms, "99"),
  ],
  [
    backendFamilies.openTime,
    ({ row, labels }, name) =>
      percentileLine(name, labels, row?.traffic?.p50Ms, "50") +
      percentileLine(name, labels, row?.traffic?.p95Ms, "95") +
      percentileLine(name, labels, row?.traffic?.p99Ms, "99"),
  ],
  [backendFamilies.failedProbes, ({ totals, labels }, name) => sampleLine(name, labels, totals?.failedProbes)],
  [
    backendFamilies.failedOpens,
    ({ totals, labels }, name) => {
      const { refused, unanswered, reset } = totals?.failedOpens ?? noOpens;
      return (
        sampleLine(name, labels, refused, 'how="refused"') +
        sampleLine(name, labels, unanswered, 'how="unanswered"') +
        sampleLine(name, labels, reset, 'how="reset"')
      );
    },
  ],
];

/** without a row nothing is known */
const ofCheck = checkLines.map(([family, linesOf]) => {
  const lines = ({ row, labels }: OneBackend, name: string) => (row === null ? "" : linesOf(row, name, labels));
  return [family, lines] as const;
});

const noOpens = { refused: null, unanswered: null, reset: null };

function timesLines(name: string, labels: string, times: TimeHistogram | null | undefined): string {
  if (times === null || times === undefined) return "";
  return histogramLines(name, labels, { bounds: timeBoundsS, counts: times.counts, sum: times.sumS });
}

type Total = { readonly total: number | null };

function bothWays(name: string, labels: string, inward: Total | undefined, outward: Total | undefined): string {
  return (
    sampleLine(name, labels, inward?.total, 'direction="in"') +
    sampleLine(name, labels, outward?.total, 'direction="out"')
  );
}

function ratioLine(name: string, labels: string, pct: number | undefined, kind: string): string {
  return sampleLine(name, labels, pct === undefined ? null : pct / 100, `kind="${kind}"`);
}

function percentileLine(name: string, labels: string, ms: number | null | undefined, percentile: string): string {
  return sampleLine(name, labels, ms === null || ms === undefined ? null : ms / 1000, `percentile="${percentile}"`);
}
