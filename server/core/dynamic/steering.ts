/**
 * What the controller remembers of backends that are compared, between two rounds. A row of numbers a backend, all rows of a group in one array:
 * with ten thousand backends each second an object each, with a box for every number in it, was a third of what a round cost.
 * Never changed in place once it is given away.
 */

/** One backend's row, read into fields to be worked on. */
export type Row = {
  factor: number;
  /** after this time a new cost has half its weight */
  halfLifeMs: number;
  /** of the last move, 0 before the first */
  sign: number;
  /** for how many rounds the target lay on one side, with its sign */
  leaning: number;
  /** smoothed, as it was measured last, and the mean size of its jumps. Nothing while `seen` is 0 */
  logCost: number;
  lastLog: number;
  noise: number;
  /** measurements since the smoothing began, as far as it matters */
  seen: number;
  atMs: number;
  isFresh: boolean;
  /** its cost against the reference when it was compared last; before that what its factor says */
  relation: number;
};

export type Steering = {
  readonly changedMs: number;
  /** backend ids, in the order of the rows */
  readonly ids: readonly string[];
  readonly rows: readonly number[];
};

const width = 11;

/** Of the backend at `at`; 1 where there is none. */
export function factorIn(rows: readonly number[], at: number): number {
  return rows[at * width] ?? 1;
}

/** Rows for these backends in their order: those that are known, and `fresh` for the others. */
export function rowsFor(steering: Steering | null, ids: readonly string[], fresh: Row): readonly number[] {
  if (steering?.ids === ids) return steering.rows;
  const places = new Map(steering?.ids.map((id, at) => [id, at]));
  const rows: number[] = [];
  const row = { ...fresh };
  for (const id of ids) {
    const at = places.get(id);
    if (at !== undefined && steering !== null) readRow(steering.rows, at, row);
    pushRow(rows, at === undefined ? fresh : row);
  }
  return rows;
}

export function pushRow(rows: number[], row: Row): void {
  const at = rows.length / width;
  for (let column = 0; column < width; column++) rows.push(0);
  writeRow(rows, at, row);
}

export function readRow(rows: readonly number[], at: number, row: Row): void {
  const from = at * width;
  row.factor = rows[from] ?? 1;
  row.halfLifeMs = rows[from + 1] ?? 0;
  row.sign = rows[from + 2] ?? 0;
  row.leaning = rows[from + 3] ?? 0;
  row.logCost = rows[from + 4] ?? 0;
  row.lastLog = rows[from + 5] ?? 0;
  row.noise = rows[from + 6] ?? 0;
  row.seen = rows[from + 7] ?? 0;
  row.atMs = rows[from + 8] ?? 0;
  row.isFresh = rows[from + 9] === 1;
  row.relation = rows[from + 10] ?? 0;
}

export function writeRow(rows: number[], at: number, row: Row): void {
  const from = at * width;
  rows[from] = row.factor;
  rows[from + 1] = row.halfLifeMs;
  rows[from + 2] = row.sign;
  rows[from + 3] = row.leaning;
  rows[from + 4] = row.logCost;
  rows[from + 5] = row.lastLog;
  rows[from + 6] = row.noise;
  rows[from + 7] = row.seen;
  rows[from + 8] = row.atMs;
  rows[from + 9] = row.isFresh ? 1 : 0;
  rows[from + 10] = row.relation;
}
