import { ButtonLink } from "@/components/ui/button.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { Panel } from "@/components/ui/panel.tsx";
import { PageHead } from "./page-head.tsx";

type OnlyOperatorsProps = {
  readonly title: string;
  /** what a reader may not make: "farms" */
  readonly what: string;
  readonly back: { readonly href: string; readonly label: string };
};

/** For a reader: a form that could not be sent would only cost time. */
export function OnlyOperators({ title, what, back }: OnlyOperatorsProps) {
  return (
    <>
      <PageHead title={title} />
      <Panel>
        <EmptyState
          title={`An operator makes ${what}.`}
          action={<ButtonLink href={back.href}>{back.label}</ButtonLink>}
        >
          You may look at everything and change nothing.
        </EmptyState>
      </Panel>
    </>
  );
}
