import clsx from "clsx";
import type { ReactNode } from "react";
import type { AdminState, FarmWord, Health } from "@/server/core/farm/types.ts";
import type { GlyphKind } from "./status-glyph.tsx";
import { backendGlyph, farmGlyph, StatusGlyph } from "./status-glyph.tsx";
import { backendWords, farmWordText } from "./status-words.ts";

type StatusTextProps = {
  readonly kind: GlyphKind;
  readonly children: ReactNode;
  readonly className?: string;
};

/** Glyph and word: the only way a state is shown. */
export function StatusText({ kind, children, className }: StatusTextProps) {
  return (
    <span className={clsx("inline-flex items-center gap-[7px] align-middle whitespace-nowrap", className)}>
      <StatusGlyph kind={kind} />
      <span>{children}</span>
    </span>
  );
}

type FarmStatusProps = {
  readonly word: FarmWord;
  readonly isLost?: boolean;
  /** what it was goes to a second line: tables stay narrow */
  readonly stacked?: boolean;
};

export function FarmStatus({ word, isLost = false, stacked = false }: FarmStatusProps) {
  return (
    <StatusText kind={farmGlyph(word, isLost)}>
      {isLost ? lost(farmWordText(word), stacked) : farmWordText(word)}
    </StatusText>
  );
}

type BackendStatusProps = {
  readonly adminState: AdminState;
  readonly health: Health;
  /** connections left, said while draining */
  readonly active?: number | null;
  readonly isLost?: boolean;
  /** a check is set: what is unknown is not known now */
  readonly isChecked?: boolean;
  /** why, on a second line */
  readonly note?: string;
};

export function BackendStatus(props: BackendStatusProps) {
  const { adminState, health, active = null, isLost = false, isChecked = false, note = "" } = props;
  const words = backendWords(adminState, health, active, isChecked);
  return (
    <StatusText kind={backendGlyph(adminState, health, isLost)}>
      {isLost ? lost(words, true) : words}
      {note === "" || isLost ? null : (
        <small className="block max-w-64 min-w-56 text-small leading-4 whitespace-normal text-ink-2 max-[1360px]:min-w-32 max-[1360px]:max-w-40">
          {note}
        </small>
      )}
    </StatusText>
  );
}

function lost(was: string, stacked: boolean): ReactNode {
  return (
    <>
      Unknown <span className={clsx("text-ink-3", stacked && "block text-small")}>was {was}</span>
    </>
  );
}
