"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Segmented } from "@/components/ui/segmented.tsx";
import { type Choice, resolve, type ThreeWayRow } from "./three-way.ts";

type ConflictDialogProps = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly farmName: string;
  readonly rows: readonly ThreeWayRow[];
  readonly base: number;
  readonly theirs: number;
  readonly by: string | null;
  readonly at: number | null;
  /** series of a row's backend for its swatch, or null */
  readonly seriesOf?: (key: string) => string | null;
  readonly onDiscard: () => void;
  readonly onRebase: (picks: ReadonlyMap<string, Choice>) => void;
};

/** Base, yours and theirs side by side. Nothing is overwritten: the result becomes a new draft on top of theirs. */
export function ConflictDialog(props: ConflictDialogProps) {
  const { rows, base, theirs } = props;
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  const clashes = rows.filter((row) => row.changedBy === "both").length;
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      size="lg"
      title={`${props.farmName} changed since you began`}
      description={
        <>
          {props.by ?? "Someone"} made revision {theirs}
          {props.at === null ? null : (
            <>
              {" "}
              at <LocalTime atMs={props.at} />
            </>
          )}
          . Your edits are based on revision {base} and were not applied. {clashText(clashes)}
        </>
      }
      footer={
        <>
          <Button variant="danger" onClick={props.onDiscard}>
            Discard mine
          </Button>
          <Button variant="primary" onClick={() => props.onRebase(resolve(rows, choices))}>
            Rebase onto {theirs}
          </Button>
        </>
      }
    >
      <DataTable label="Differences" comfort>
        <thead>
          <tr>
            <Th>What</Th>
            <Th>Base, {base}</Th>
            <Th>Yours</Th>
            <Th>Theirs, {theirs}</Th>
            <Th>Result</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <th scope="row" className="font-medium">
                <Label row={row} series={props.seriesOf?.(row.key) ?? null} />
              </th>
              <Value text={row.base} />
              <Value text={row.yours} strong={row.yours !== row.base} />
              <Value text={row.theirs} strong={row.theirs !== row.base} />
              <td>
                <Result
                  row={row}
                  choice={choices.get(row.key) ?? "yours"}
                  onChoose={(choice) => setChoices(new Map(choices).set(row.key, choice))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </Dialog>
  );
}

function Label({ row, series }: { readonly row: ThreeWayRow; readonly series: string | null }) {
  return (
    <span className="inline-flex items-center gap-2">
      {series === null ? null : <span aria-hidden className="sw" data-s={series} />}
      {row.label}
    </span>
  );
}

function Value({ text, strong = false }: { readonly text: string | null; readonly strong?: boolean }) {
  const look = strong ? "font-semibold" : "text-ink-3";
  return <td className={`max-w-64 whitespace-normal! ${look}`}>{text ?? "removed"}</td>;
}

type ResultProps = { readonly row: ThreeWayRow; readonly choice: Choice; readonly onChoose: (choice: Choice) => void };

function Result({ row, choice, onChoose }: ResultProps) {
  if (row.changedBy !== "both") {
    const text =
      row.changedBy === "yours" ? "yours only" : row.changedBy === "theirs" ? "theirs only" : "both the same";
    return <span className="text-ink-2">{text}</span>;
  }
  return (
    <Segmented
      label={`Result for ${row.label}`}
      value={choice}
      options={[
        { value: "yours", label: "Yours" },
        { value: "theirs", label: "Theirs" },
      ]}
      onChange={onChoose}
    />
  );
}

function clashText(clashes: number): string {
  if (clashes === 0) return "Nothing was changed by both.";
  return clashes === 1 ? "1 value was changed by both: choose." : `${clashes} values were changed by both: choose.`;
}
