import type { ReactNode } from "react";
import { SeriesSwatch } from "@/components/ui/series-swatch.tsx";

type SentencesProps = {
  readonly sentences: readonly string[];
  /** names of the farm's backends in order: a sentence about one carries its swatch */
  readonly backendNames?: readonly string[];
};

/** What a change does, in words; numbers stand out so that the eye finds them. */
export function Sentences({ sentences, backendNames = [] }: SentencesProps) {
  return (
    <ul className="grid gap-1.5">
      {sentences.map((sentence) => {
        const subject = backendNames.find((name) => sentence.startsWith(`${name} `)) ?? null;
        return (
          <li key={sentence} className="grid grid-cols-[14px_minmax(0,1fr)] items-baseline gap-2">
            {subject === null ? <Bullet /> : <SeriesSwatch index={backendNames.indexOf(subject)} />}
            <span>
              {subject === null ? null : <b className="font-medium">{subject}</b>}
              {emphasised(subject === null ? sentence : sentence.slice(subject.length))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Bullet() {
  return (
    <span aria-hidden className="justify-self-center text-ink-3">
      &#8226;
    </span>
  );
}

function emphasised(text: string): ReactNode[] {
  return text.split(/([0-9]+(?:\.[0-9]+)? %)/).map((part, index) =>
    index % 2 === 1 ? (
      // parts of one fixed sentence do not move
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <b key={index} className="font-semibold whitespace-nowrap">
        {part}
      </b>
    ) : (
      part
    ),
  );
}
