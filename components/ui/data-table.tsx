import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";

type DataTableProps = {
  /** accessible name */
  readonly label: string;
  readonly comfort?: boolean;
  /** less room between columns */
  readonly tight?: boolean;
  /** values are the last known ones of an agent that is gone */
  readonly isLost?: boolean;
  readonly children: ReactNode;
};

/** Scrolls sideways inside its panel, and by keyboard when it does. */
export function DataTable({ label, comfort = false, tight = false, isLost = false, children }: DataTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="tblwrap" tabIndex={0} aria-label={label}>
      <table className={clsx("tbl", comfort && "comfort", tight && "tight", isLost && "lost lost-rows")}>
        <caption className="sr-only">{label}</caption>
        {children}
      </table>
    </section>
  );
}

type ThProps = Omit<ComponentProps<"th">, "scope"> & {
  readonly num?: boolean;
  /** makes the heading a button that sorts */
  readonly sort?: { readonly direction: "ascending" | "descending" | null; readonly onSort: () => void };
};

export function Th({ num = false, sort, className, children, ...rest }: ThProps) {
  return (
    <th
      {...rest}
      scope="col"
      className={clsx(num && "num", className)}
      aria-sort={sort === undefined || sort.direction === null ? undefined : sort.direction}
    >
      {sort === undefined ? (
        children
      ) : (
        <button type="button" onClick={sort.onSort}>
          {children}
          {sort.direction === null ? null : <span aria-hidden className="sort" />}
        </button>
      )}
    </th>
  );
}

/** "not tracked" where "not tracked in this mode" has no room; the whole is its title and what is read out. */
export function ShortReason({ children }: { readonly children: string }) {
  const short = children.split(" ").slice(0, 2).join(" ");
  return (
    <span className="text-small font-normal" title={children}>
      <span aria-hidden>{short}</span>
      <span className="sr-only">{children}</span>
    </span>
  );
}

type NumberCellProps = {
  /** null = cannot be known: a dash, never a zero */
  readonly value: number | null | undefined;
  readonly format: (value: number) => string;
  /** why it cannot be known; its first two words stand in place of the dash */
  readonly missing?: string | undefined;
  readonly strong?: boolean;
  readonly className?: string;
};

/** Right-aligned; a plain zero is quiet, so that trouble and traffic stand out by themselves. */
export function NumberCell({ value, format, missing, strong = false, className }: NumberCellProps) {
  const known = value !== null && value !== undefined;
  return (
    <td className={clsx("num", known && value === 0 && "zero", !known && "zero", strong && "font-semibold", className)}>
      {known ? (
        format(value)
      ) : missing !== undefined ? (
        <ShortReason>{missing}</ShortReason>
      ) : (
        <>
          <span aria-hidden>-</span>
          <span className="sr-only">not known</span>
        </>
      )}
    </td>
  );
}
