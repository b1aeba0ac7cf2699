/** Rows of codes as the file has them: little-endian bytes, a row by itself or the minutes of an hour column by column. Pure. */
import {
  backendFields,
  columnsFor,
  combineColumn,
  encodeValue,
  farmFields,
  firstColumn,
  type MinuteFarm,
  unknownCode,
} from "../core/metrics/minutes.ts";

export const minutesPerHour = 60;

export function toBytes(codes: Uint16Array): Buffer {
  return Buffer.from(codes.buffer, codes.byteOffset, codes.byteLength);
}

/** Copied: a blob may begin at an odd address. */
export function fromBytes(bytes: Uint8Array): Uint16Array {
  const codes = new Uint16Array(bytes.length >> 1);
  new Uint8Array(codes.buffer).set(bytes.subarray(0, codes.byteLength));
  return codes;
}

export function codesOf(farm: MinuteFarm): Uint16Array {
  const codes = new Uint16Array(columnsFor(farm.backends.length));
  let at = 0;
  for (let field = 0; field < farmFields.length; field++) codes[at++] = encodeValue(farm.values[field]);
  for (const backend of farm.backends)
    for (let field = 0; field < backendFields.length; field++) codes[at++] = encodeValue(backend.values[field]);
  return codes;
}

/** Fields that rows had before real connections, and before words were kept: the first of the farm's and of each backend's. */
const olderFields = [
  { farm: 4, backend: 9 },
  { farm: 8, backend: 14 },
];

/** A row, or an hour of them, in today's columns: an older one knows nothing of the others. `run`: values a column. */
export function widened(codes: Uint16Array, backends: number, run = 1): Uint16Array {
  const older = olderFields.find(({ farm, backend }) => codes.length === (farm + backends * backend) * run);
  if (older === undefined) return codes;
  const made = new Uint16Array(columnsFor(backends) * run).fill(unknownCode);
  made.set(codes.subarray(0, older.farm * run));
  for (let at = 0; at < backends; at++) {
    const from = (older.farm + at * older.backend) * run;
    made.set(codes.subarray(from, from + older.backend * run), firstColumn(at) * run);
  }
  return made;
}

export type RowOfHour = {
  readonly minute: number;
  readonly backendIds: readonly string[];
  readonly codes: Uint16Array;
};
type PackedHour = {
  /** of every minute, those of the newest first */
  readonly backendIds: readonly string[];
  /** the whole hour */
  readonly codes: Uint16Array;
  /** column by column, 60 minutes each */
  readonly minutes: Uint16Array;
};

/** `rows` oldest first; `old`: what is packed of this hour already. */
export function packHour(rows: readonly RowOfHour[], old: Omit<PackedHour, "codes"> | null): PackedHour {
  const backendIds = [
    ...new Set([...[...rows].reverse().flatMap((row) => row.backendIds), ...(old?.backendIds ?? [])]),
  ];
  const minutes = new Uint16Array(columnsFor(backendIds.length) * minutesPerHour).fill(unknownCode);
  if (old !== null)
    for (const [was, is] of columnPairs(old.backendIds, backendIds))
      minutes.set(old.minutes.subarray(was * minutesPerHour, (was + 1) * minutesPerHour), is * minutesPerHour);
  for (const row of rows)
    for (const [was, is] of columnPairs(row.backendIds, backendIds))
      minutes[is * minutesPerHour + row.minute] = row.codes[was] ?? unknownCode;
  const codes = Uint16Array.from({ length: columnsFor(backendIds.length) }, (_, column) =>
    combineColumn(column, (each) => minutes.subarray(each * minutesPerHour, (each + 1) * minutesPerHour)),
  );
  return { backendIds, codes, minutes };
}

/** Columns of the farm and of the backends that are in both, as [column in `from`, column in `to`]. */
function columnPairs(from: readonly string[], to: readonly string[]): [number, number][] {
  const pairs: [number, number][] = farmFields.map((_, column) => [column, column]);
  for (const [was, id] of from.entries()) {
    const is = to.indexOf(id);
    for (let field = 0; is >= 0 && field < backendFields.length; field++)
      pairs.push([firstColumn(was) + field, firstColumn(is) + field]);
  }
  return pairs;
}
