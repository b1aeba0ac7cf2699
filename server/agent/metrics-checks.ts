/** What health checks say of a backend, as lines of `/metrics`. */
import { type Family, sampleLine } from "../core/metrics/exposition.ts";
import { checkFamilies } from "../core/metrics/families.ts";
import type { BackendLive, CheckLive } from "../core/metrics/live.ts";

type Lines = (row: BackendLive, name: string, labels: string) => string;

const daySeconds = 24 * 3600;

export const checkLines: readonly (readonly [Family, Lines])[] = [
  [
    checkFamilies.up,
    ({ health }, name, labels) => sampleLine(name, labels, health === "unknown" ? null : health === "down" ? 0 : 1),
  ],
  [checkFamilies.since, ({ healthSince }, name, labels) => sampleLine(name, labels, inSeconds(healthSince))],
  [checkFamilies.success, (row, name, labels) => sampleLine(name, labels, asNumber(checkOfNow(row)?.ok))],
  [checkFamilies.duration, (row, name, labels) => sampleLine(name, labels, inSeconds(checkOfNow(row)?.tookMs))],
  [
    checkFamilies.certificate,
    (row, name, labels) => {
      const days = checkOfNow(row)?.certificateDays ?? null;
      return sampleLine(name, labels, days === null ? null : days * daySeconds);
    },
  ],
  [
    checkFamilies.out,
    ({ out }, name, labels) => (out === undefined ? "" : sampleLine(name, labels, 1, `why="${out.why}"`)),
  ],
  [
    checkFamilies.factor,
    ({ weights }, name, labels) =>
      sampleLine(name, labels, weights?.slowStart?.factor, 'kind="slow-start"') +
      sampleLine(name, labels, weights?.dynamic?.factor, 'kind="dynamic"') +
      sampleLine(name, labels, weights?.wish?.factor, 'kind="agent-check"'),
  ],
];

/** What nobody asked for a while says nothing of now. */
function checkOfNow({ check }: BackendLive): CheckLive | null {
  return check === undefined || check.isOld === true ? null : check;
}

function inSeconds(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : ms / 1000;
}

function asNumber(is: boolean | null | undefined): number | null {
  return is === null || is === undefined ? null : is ? 1 : 0;
}
