import clsx from "clsx";
import { formatCount } from "./numbers.ts";

type MoreButtonProps = {
  /** how many are hidden while it is closed */
  readonly more: number;
  /** one of what, for who cannot see what is above it */
  readonly noun: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  readonly className?: string;
};

/** Under the first ones of a long list: all of it, and back. */
export function MoreButton({ more, noun, isOpen, onToggle, className }: MoreButtonProps) {
  return (
    <button type="button" aria-expanded={isOpen} className={clsx("link min-h-6", className)} onClick={onToggle}>
      {isOpen ? "Fewer" : `${formatCount(more)} more`}
      <span className="sr-only">{isOpen || more !== 1 ? ` ${noun}s` : ` ${noun}`}</span>
    </button>
  );
}
