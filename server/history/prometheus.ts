/**
 * Long history from a Prometheus that scrapes our `/metrics`: its HTTP API, one query a column, on the same grid as our own history. What it
 * answers is parsed and bounded like everything that comes from outside. Farms and backends are asked for by their names of today.
 */
import * as z from "zod/mini";
import type { Farm } from "../core/farm/types.ts";
import type { Grid } from "../core/metrics/downsample.ts";
import { type Family, labelText } from "../core/metrics/exposition.ts";
import { backendFamilies, farmFamilies } from "../core/metrics/families.ts";
import { type FarmSeries, knownTimes } from "../core/metrics/live.ts";
import { fail, ok, type Result } from "../core/result.ts";

export type LongHistory = {
  /** Means of each point's time; what Prometheus does not know, and the point that is not over yet, is null. */
  read(farm: Pick<Farm, "id" | "name" | "backends">, grid: Grid): Promise<Result<FarmSeries>>;
};

type PrometheusOptions = {
  /** without a slash at its end */
  readonly url: string;
  readonly bearer: string | null;
  /** labels that our series carry there, beside their own: name and value */
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly fetch: typeof fetch;
  readonly nowMs: () => number;
  readonly answerBytesMax?: number;
};

type Values = (number | null)[];
/** backend, or "" for the farm itself -> one value a point */
type Columns = ReadonlyMap<string, Values>;

const deadlineMs = 8000;
const answerBytesMaxDefault = 16 * 1024 * 1024;
/** a rate needs two scrapes; some scrape only every minute or two */
const windowSMin = 300;

const answerSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    resultType: z.literal("matrix"),
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

export function createPrometheus(options: PrometheusOptions): LongHistory {
  return {
    async read(farm, grid) {
      const queries = queriesOf(farm.name, options.labels, windowOf(grid));
      const names = Object.keys(queries) as (keyof typeof queries)[];
      const signal = AbortSignal.timeout(deadlineMs);
      const answers = await Promise.all(names.map((name) => column(options, queries[name], grid, signal)));
      const wrong = answers.find((answer) => !answer.ok);
      if (wrong !== undefined && !wrong.ok) return wrong;
      const columns = new Map(names.map((name, at) => [name, answers[at]]));
      const of = (name: keyof typeof queries, key: string, scale: number): Values => {
        const found = columns.get(name);
        const values = found?.ok ? found.value.get(key) : undefined;
        return values?.map((value) => (value === null ? null : value * scale)) ?? grid.atMs.map(() => null);
      };
      const { fromMs, toMs, stepMs, atMs } = grid;
      return ok({
        ...{ farmId: farm.id, fromMs, toMs, stepMs, atMs },
        connect: { p50Ms: of("p50", "", 1000), p95Ms: of("p95", "", 1000), p99Ms: of("p99", "", 1000) },
        traffic: { p50Ms: of("open50", "", 1000), p95Ms: of("open95", "", 1000), p99Ms: of("open99", "", 1000) },
        backends: farm.backends.map(({ id, name }) => ({
          backendId: id,
          newPerS: of("newPerS", name, 1),
          active: of("active", name, 1),
          observedPct: of("observed", name, 100),
          plannedPct: of("planned", name, 100),
          ...knownTimes("connect", of("connect50", name, 1000), of("connect95", name, 1000)),
          ...knownTimes("traffic", of("traffic50", name, 1000), of("traffic95", name, 1000)),
        })),
        retention: { secondsS: 0, minutesS: Math.round((toMs - fromMs) / 1000) },
      });
    },
  };
}

function windowOf({ stepMs }: Grid): number {
  return Math.max(windowSMin, Math.round(stepMs / 1000));
}

/** Of several scrapes of the same balancer (web and its agent) the greatest counts, never the sum. */
export function queriesOf(farm: string, labels: PrometheusOptions["labels"], windowS: number) {
  const select = (name: string, ...more: (readonly [string, string])[]) =>
    `${name}{${labelText([...labels, ["farm", farm], ...more])}}`;
  const over = `[${windowS}s]`;
  const share = (kind: string) =>
    `max by (backend) (last_over_time(${select(backendFamilies.share.name, ["kind", kind])}${over}))`;
  const quantile = (of: Family, part: number) =>
    `histogram_quantile(${part}, sum by (le) (rate(${select(`${of.name}_bucket`)}${over})))`;
  // of a backend there are percentiles of rolling minutes alone, which are never averaged: the last one
  const rolling = (of: Family, percentile: string) =>
    `max by (backend) (last_over_time(${select(of.name, ["percentile", percentile])}${over}))`;
  return {
    newPerS: `max by (backend) (rate(${select(backendFamilies.newConnections.name)}${over}))`,
    active: `max by (backend) (avg_over_time(${select(backendFamilies.active.name)}${over}))`,
    observed: share("observed"),
    planned: share("planned"),
    p50: quantile(farmFamilies.connect, 0.5),
    p95: quantile(farmFamilies.connect, 0.95),
    p99: quantile(farmFamilies.connect, 0.99),
    open50: quantile(farmFamilies.openTime, 0.5),
    open95: quantile(farmFamilies.openTime, 0.95),
    open99: quantile(farmFamilies.openTime, 0.99),
    connect50: rolling(backendFamilies.connect, "50"),
    connect95: rolling(backendFamilies.connect, "95"),
    traffic50: rolling(backendFamilies.openTime, "50"),
    traffic95: rolling(backendFamilies.openTime, "95"),
  };
}

async function column(
  { url, bearer, fetch: ask, nowMs, answerBytesMax = answerBytesMaxDefault }: PrometheusOptions,
  query: string,
  grid: Grid,
  signal: AbortSignal,
): Promise<Result<Columns>> {
  const stepS = grid.stepMs / 1000;
  // a value of Prometheus is about the time before its moment, a point of ours about the time after it
  const moments = grid.atMs.map((at) => at / 1000 + stepS);
  const last = moments.findLast((moment) => moment * 1000 <= nowMs());
  const [first] = moments;
  if (first === undefined || last === undefined || last < first) return ok(new Map());
  const body = new URLSearchParams({ query, start: String(first), end: String(last), step: String(stepS) });
  try {
    const headers: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    const answer = await ask(`${url}/api/v1/query_range`, { method: "POST", body, headers, signal, redirect: "error" });
    const text = await textOf(answer, answerBytesMax);
    if (text === null) return unusable("its answer is too long");
    if (!answer.ok) return unusable(`it answers ${answer.status}`, text.slice(0, 300));
    const parsed = answerSchema.safeParse(JSON.parse(text));
    return parsed.success ? ok(columnsOf(parsed.data.data.result, moments)) : unusable("its answer is not understood");
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return unusable(isLate ? "no answer in time" : "it does not answer", String(error));
  }
}

function unusable(why: string, detail = why) {
  return fail("storage", why, { detail, retry: true });
}

/** null = longer than we take. */
async function textOf(answer: Response, bytesMax: number): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of answer.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > bytesMax) return null;
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

type MatrixRow = z.output<typeof answerSchema>["data"]["result"][number];

function columnsOf(rows: readonly MatrixRow[], moments: readonly number[]): Columns {
  const places = new Map(moments.map((moment, at) => [Math.round(moment), at]));
  return new Map(
    rows.map(({ metric, values }) => {
      const points: Values = moments.map(() => null);
      for (const [moment, text] of values) {
        const at = places.get(Math.round(moment));
        const value = Number(text);
        if (at !== undefined && text !== "" && Number.isFinite(value)) points[at] = value;
      }
      return [metric.backend ?? "", points] as const;
    }),
  );
}
