import clsx from "clsx";
import Link from "next/link";
import type { ReactNode } from "react";

export type MenuEntry =
  | {
      readonly label: ReactNode;
      readonly icon?: ReactNode;
      readonly danger?: boolean;
      /** shown under the label; the entry stays readable but does nothing */
      readonly disabledReason?: string | null;
      /** radio-like entries: whether this one holds */
      readonly checked?: boolean;
      readonly onSelect?: () => void;
      readonly href?: string;
    }
  | "separator";

const entryLook =
  "flex min-h-7 w-full items-center gap-2 rounded-1 px-2 py-1 text-left whitespace-nowrap hover:bg-hover " +
  "focus-visible:bg-hover focus-visible:shadow-none focus-visible:outline-accent focus-visible:-outline-offset-2 max-md:min-h-9";

/** One line of a menu. */
export function MenuItem({ entry, close }: { readonly entry: MenuEntry; readonly close: () => void }) {
  if (entry === "separator") return <hr className="my-1 border-line" />;
  const content = (
    <>
      {entry.icon}
      <span>
        {entry.label}
        {entry.disabledReason ? <small className="block text-small text-ink-3">{entry.disabledReason}</small> : null}
      </span>
      {entry.checked ? (
        <span aria-hidden className="ml-auto pl-4 text-accent">
          &#10003;
        </span>
      ) : null}
    </>
  );
  if (entry.href !== undefined) {
    return (
      <Link role="menuitem" tabIndex={-1} href={entry.href} className={entryLook} onClick={close}>
        {content}
      </Link>
    );
  }
  const role =
    entry.checked === undefined ? { role: "menuitem" } : { role: "menuitemradio", "aria-checked": entry.checked };
  return (
    <button
      type="button"
      {...role}
      aria-disabled={entry.disabledReason ? true : undefined}
      tabIndex={-1}
      className={clsx(entryLook, entry.disabledReason ? "text-ink-3" : entry.danger && "text-danger-ink")}
      onClick={() => {
        if (entry.disabledReason) return;
        close();
        entry.onSelect?.();
      }}
    >
      {content}
    </button>
  );
}
