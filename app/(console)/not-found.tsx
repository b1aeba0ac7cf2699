import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Panel } from "@/components/ui/panel.tsx";

export default function NotFound() {
  return (
    <Panel>
      <h1 className="sr-only">Not found</h1>
      <EmptyState title="There is no such farm or page" action={<ButtonLink href="/farms">All farms</ButtonLink>}>
        It may have been removed since; the history says when and by whom.
      </EmptyState>
    </Panel>
  );
}
