import { Dialog } from "@/components/ui/dialog.tsx";

const keys: readonly (readonly [string, string])[] = [
  ["Arrows", "one more or less"],
  ["Shift + arrow, Page up, Page down", "ten more or less"],
  ["Home, End", "lowest and highest"],
  ["0 to 9", "type a value, Enter ends it"],
  ["L", "lock or unlock the row"],
  ["E", "equalise all that are not locked"],
  ["Esc", "leave the move, as if it had not been"],
  ["Ctrl + Z, Ctrl + Shift + Z", "undo, redo"],
  ["Ctrl + Enter", "apply the staged edits"],
  ["?", "these keys"],
];

export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="sm"
      title="Keys of the weights board"
      description="Single letters act while a row has the focus."
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        {keys.map(([key, what]) => (
          <div key={key} className="contents">
            <dt className="font-medium">{key}</dt>
            <dd className="text-ink-2">{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
