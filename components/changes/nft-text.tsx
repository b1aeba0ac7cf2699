import clsx from "clsx";
import { type NftRun, nftLines } from "./nft-tokens.ts";

type NftTextProps = {
  readonly text: string;
  /** accessible name of the scrolling region */
  readonly label: string;
  readonly className?: string;
};

/** Beyond this many lines the page would stall for text nobody reads line by line; copying still takes all of it. */
const shownLinesMax = 600;

const looks: Readonly<Record<NftRun["kind"], string | undefined>> = {
  add: "text-ok-ink",
  delete: "text-danger-ink",
  comment: "text-ink-3",
  value: "text-ink",
  plain: undefined,
};

/** nft text with line numbers: what adds, what deletes, values and comments told apart. Scrolls by keyboard. */
export function NftText({ text, label, className }: NftTextProps) {
  const lines = nftLines(text);
  const hidden = lines.length - shownLinesMax;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={clsx("nft", className)} tabIndex={0} aria-label={label}>
      <ol className="m-0 grid list-none p-0 pr-3">
        {lines.slice(0, shownLinesMax).map((runs, index) => (
          // a line's place is its identity here
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={index} className="flex">
            <span aria-hidden className="w-8 shrink-0 pr-3 text-right text-ink-3 select-none">
              {index + 1}
            </span>
            <code className="min-w-0 pl-4 -indent-4 text-[1em] whitespace-pre-wrap wrap-anywhere">{runs.map(run)}</code>
          </li>
        ))}
      </ol>
      {hidden > 0 ? (
        <p className="pl-8 text-ink-3">{hidden.toLocaleString("en-US")} more lines; Copy takes all.</p>
      ) : null}
    </section>
  );
}

function run(part: NftRun, index: number) {
  const look = looks[part.kind];
  if (look === undefined) return part.text;
  return (
    <span key={`${index}-${part.kind}`} className={look}>
      {part.text}
    </span>
  );
}
