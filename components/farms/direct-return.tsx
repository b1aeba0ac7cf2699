import { CopyButton } from "@/components/ui/copy-button.tsx";
import { directReturnCommands } from "./forwarding-choices.ts";

/** What every backend needs for direct return. Said at the field, because nothing here can do it for them. */
export function DirectReturn({ addresses }: { readonly addresses: readonly string[] }) {
  const known = addresses.map((address) => address.trim()).filter((address) => address !== "");
  return (
    <div className="grid content-start gap-1 text-small text-ink-2">
      <span className="font-medium">On every backend</span>
      {directReturnCommands(known).map((command) => (
        <span key={command} className="flex items-start gap-1">
          <code className="break-all">{command}</code>
          <CopyButton text={command} what="command" />
        </span>
      ))}
    </div>
  );
}
