import { MoreHorizontal } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import { LocalTime } from "@/components/ui/local-time.tsx";
import { Menu } from "@/components/ui/menu.tsx";
import { formatCount, formatCounted } from "@/components/ui/numbers.ts";
import { StatusText } from "@/components/ui/status-text.tsx";
import type { TargetView } from "@/server/core/notify/target.ts";
import { kindTexts, placeText } from "./target-words.ts";

type TargetRowProps = {
  readonly target: TargetView;
  readonly canChange: boolean;
  readonly isTesting: boolean;
  readonly onTest: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
};

export function TargetRow({ target, canChange, isTesting, onTest, onEdit, onRemove }: TargetRowProps) {
  const { name, settings, delivery, waiting } = target;
  return (
    <tr>
      <th scope="row" className="stick font-medium">
        {name}
      </th>
      <td>
        {kindTexts[settings.kind]}
        <small className="block max-w-72 truncate text-small text-ink-3" title={placeText(target)}>
          {placeText(target)}
        </small>
      </td>
      <td className="whitespace-normal!">
        <TargetState target={target} />
      </td>
      <td className="num">
        {formatCount(waiting.events)}
        {waiting.isMore ? "+" : null}
        {waiting.oldestAt === null || delivery.attempts === 0 ? null : (
          <small className="block text-small text-ink-3">
            since <LocalTime atMs={waiting.oldestAt} withDate />
          </small>
        )}
      </td>
      <td>{delivery.lastOkAt === null ? "never" : <LocalTime atMs={delivery.lastOkAt} withDate />}</td>
      <td className="num">
        {canChange ? (
          <span className="inline-flex items-center gap-1.5">
            <Button pending={isTesting} onClick={onTest}>
              {isTesting ? "Sending" : "Send a test"}
              <span className="sr-only"> to {name}</span>
            </Button>
            <Menu
              label={`Actions for ${name}`}
              trigger={<MoreHorizontal aria-hidden className="size-4" strokeWidth={1.5} />}
              entries={[
                { label: "Change", onSelect: onEdit },
                "separator",
                { label: "Remove", danger: true, onSelect: onRemove },
              ]}
            />
          </span>
        ) : null}
      </td>
    </tr>
  );
}

function TargetState({ target }: { readonly target: TargetView }) {
  const { isEnabled, delivery } = target;
  if (!isEnabled) return <StatusText kind="stopped">Disabled</StatusText>;
  if (delivery.attempts === 0 && delivery.lastOkAt === null)
    return <StatusText kind="unknown">Nothing sent yet</StatusText>;
  if (delivery.attempts === 0) return <StatusText kind="up">Works</StatusText>;
  return (
    <>
      <StatusText kind="down">Failed {formatCounted(delivery.attempts, "time")} in a row</StatusText>
      <small className="block max-w-80 min-w-40 text-small break-words text-ink-2">
        {delivery.lastError}
        {delivery.nextAt === null ? null : (
          <>
            ; tried again at <LocalTime atMs={delivery.nextAt} />
          </>
        )}
      </small>
    </>
  );
}
