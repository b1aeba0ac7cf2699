import { PageHead } from "@/components/shell/page-head.tsx";
import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Panel } from "@/components/ui/panel.tsx";

/** For a reader: a form that could not be sent would only cost time. */
export function NoNewFarm() {
  return (
    <>
      <PageHead title="New farm" />
      <Panel>
        <EmptyState title="An operator makes farms." action={<ButtonLink href="/farms">Farms</ButtonLink>}>
          You may look at everything and change nothing.
        </EmptyState>
      </Panel>
    </>
  );
}
