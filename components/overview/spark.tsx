import { sparkPath } from "./trail.ts";

type SparkProps = {
  readonly values: readonly { readonly at: number; readonly value: number | null }[];
};

/** A line without axis: shape only, the number stands beside it. */
export function Spark({ values }: SparkProps) {
  const { line, area } = sparkPath(values);
  return (
    <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true" className="spark h-[18px] w-full">
      <path className="area" d={area} />
      <path d={line} />
    </svg>
  );
}
