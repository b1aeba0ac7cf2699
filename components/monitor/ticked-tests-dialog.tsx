import { checkGlyphs, checkWord, entryText } from "@/components/backend/monitor-words.ts";
import { Button } from "@/components/ui/button.tsx";
import { DataTable, Th } from "@/components/ui/data-table.tsx";
import { Dialog } from "@/components/ui/dialog.tsx";
import { formatCount } from "@/components/ui/numbers.ts";
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import { StatusText } from "@/components/ui/status-text.tsx";
import type { TestedBackend, TickedTests } from "./use-ticked-tests.ts";

/** What each of the ticked backends answered now. */
export function TickedTestsDialog({ tests: { tested, run, close } }: { readonly tests: TickedTests }) {
  if (tested === null) return null;
  const waiting = tested.filter((each) => !isOver(each)).length;
  return (
    <Dialog
      open
      onClose={close}
      title={tested.length === 1 ? "One backend is tested" : `${formatCount(tested.length)} backends are tested`}
      description={
        <span aria-live="polite">
          {waiting > 0 ? `${formatCount(waiting)} have not answered yet.` : testedWords(tested)}
        </span>
      }
      footer={
        <>
          <Button disabledReason={waiting > 0 ? "Not all have answered yet" : null} onClick={() => run(tested)}>
            Test again
          </Button>
          <Button variant="primary" onClick={close}>
            Close
          </Button>
        </>
      }
    >
      <div className="max-h-[60dvh] overflow-auto">
        <DataTable label="Results">
          <thead>
            <tr>
              <Th>Backend</Th>
              <Th>Farm</Th>
              <Th>Answer</Th>
            </tr>
          </thead>
          <tbody>
            {tested.map((each) => (
              <tr key={`${each.farmId} ${each.id}`}>
                <th scope="row" className="font-medium">
                  {each.name}
                </th>
                <td className="text-ink-2">{each.farmName}</td>
                <td className="whitespace-normal!">
                  <StatusText kind={glyphOf(each)}>{wordsOf(each)}</StatusText>
                </td>
              </tr>
            ))}
          </tbody>
        </DataTable>
      </div>
    </Dialog>
  );
}

function isOver({ result, problem }: TestedBackend): boolean {
  return result !== null || problem !== null;
}

/** All have answered, or cannot be asked. */
function testedWords(tested: readonly TestedBackend[]): string {
  const count = (isSo: (each: TestedBackend) => boolean) => tested.filter(isSo).length;
  const unasked = count(({ result, problem }) => problem !== null || result?.error === "cannot-check");
  const bad = count(({ result }) => result !== null && checkWord(result) === "Failed");
  if (bad + unasked === 0) return "All are good.";
  const parts = [
    ...(bad === 0 ? [] : [`${formatCount(bad)} failed`]),
    ...(unasked === 0 ? [] : [`${formatCount(unasked)} could not be tested`]),
  ];
  return `${parts.join(", ")}.`;
}

function glyphOf({ result, problem }: TestedBackend): GlyphKind {
  if (problem !== null || result === null) return "unknown";
  return checkGlyphs[checkWord(result)];
}

function wordsOf({ result, problem }: TestedBackend): string {
  if (problem !== null) return problem;
  return result === null ? "Asked" : entryText(result);
}
