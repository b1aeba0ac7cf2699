import type { RulesetLine } from "./ruleset-lines.ts";
import { piecesOf } from "./ruleset-lines.ts";

type RulesetTextProps = {
  readonly lines: readonly RulesetLine[];
  readonly search: string;
  readonly label: string;
};

/** More lines than this are not drawn; Copy takes all, and a search finds all. */
const shownMax = 2000;

export function RulesetText({ lines, search, label }: RulesetTextProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section tabIndex={0} aria-label={label} className="nft max-h-[68dvh] py-2">
      <ol className="m-0 grid min-w-max p-0 pr-4">
        {lines.slice(0, shownMax).map((line) => (
          <li key={line.number} className="flex [content-visibility:auto] [contain-intrinsic-height:18px]">
            <span aria-hidden className="w-12 shrink-0 pr-3.5 text-right text-ink-3 select-none">
              {line.number}
            </span>
            <code className="text-[1em] whitespace-pre">
              {piecesOf(line.text, search).map((piece, index) =>
                piece.isHit ? (
                  // pieces of one fixed line do not move
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  <mark key={index} className="rounded-1 bg-accent-soft text-ink outline outline-accent-line">
                    {piece.text}
                  </mark>
                ) : (
                  piece.text
                ),
              )}
            </code>
          </li>
        ))}
      </ol>
      {lines.length > shownMax ? (
        <p className="pl-12 text-ink-3">{lines.length - shownMax} more lines; Copy takes all.</p>
      ) : null}
    </section>
  );
}
