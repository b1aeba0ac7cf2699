import { useState } from "react";
import { formatCount } from "@/components/ui/numbers.ts";

const sentencesShownMax = 8;

/** A revision of a whole document says hundreds of things: the first ones, and all of them when asked for. */
export function RevisionSentences({ sentences }: { readonly sentences: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? sentences : sentences.slice(0, sentencesShownMax);
  return (
    <>
      <ul className="grid gap-0.5">
        {shown.map((sentence) => (
          <li key={sentence} className="break-words">
            {sentence}
          </li>
        ))}
        {sentences.length === 0 ? <li className="text-ink-3">No visible change</li> : null}
      </ul>
      {sentences.length > sentencesShownMax ? (
        <button
          type="button"
          aria-expanded={isOpen}
          className="link min-h-6 justify-self-start"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "Fewer" : `${formatCount(sentences.length - sentencesShownMax)} more`}
          <span className="sr-only"> sentences</span>
        </button>
      ) : null}
    </>
  );
}
