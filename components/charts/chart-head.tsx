export type ChartNow = {
  readonly value: string;
  readonly detail: string;
  /** what the value is, on a narrow page that has no room for the detail */
  readonly label?: string | undefined;
};

type ChartHeadProps = {
  readonly title: string;
  readonly unit: string;
  readonly now: ChartNow;
  /** seconds of data collected since the picture was held; null = not held */
  readonly newS: number | null;
};

export function ChartHead({ title, unit, now, newS }: ChartHeadProps) {
  return (
    <figcaption className="mb-0.5 flex min-w-0 items-baseline gap-2 whitespace-nowrap">
      <b className="font-semibold">{title}</b>
      <span className="min-w-0 truncate text-small text-ink-3">{unit}</span>
      {newS === null ? null : <HeldChip newS={newS} />}
      <span className="ml-auto flex items-baseline gap-1.5">
        {now.label === undefined ? null : <span className="text-small text-ink-3 md:hidden">{now.label}</span>}
        <span className="text-[16px]/5 font-semibold tracking-[-0.01em]">{now.value}</span>
      </span>
      <span className="text-small text-ink-3 max-md:hidden">{now.detail}</span>
    </figcaption>
  );
}

function HeldChip({ newS }: { readonly newS: number }) {
  return (
    <span className="rounded-1 border border-dashed border-line-strong px-1.5 text-small leading-4 text-ink-2 max-md:hidden">
      Held{newS > 0 ? <b className="font-medium text-ink"> +{newS} new</b> : null}
    </span>
  );
}
