import { useState } from "react";
import { MoreButton } from "@/components/ui/more-button.tsx";

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
        <MoreButton
          more={sentences.length - sentencesShownMax}
          noun="sentence"
          isOpen={isOpen}
          onToggle={() => setOpen(!isOpen)}
          className="justify-self-start"
        />
      ) : null}
    </>
  );
}
