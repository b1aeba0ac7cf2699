"use client";

import clsx from "clsx";
import { useRouter } from "next/navigation";
import { type ReactNode, useSyncExternalStore } from "react";
import { Button, ButtonLink } from "@/components/ui/button.tsx";
import { Select } from "@/components/ui/choice.tsx";
import { TextInput } from "@/components/ui/text-input.tsx";
import {
  agentName,
  type EventKind,
  type EventQuery,
  eventKindTexts,
  eventsHref,
  parseEventQuery,
} from "./event-query.ts";

type EventFiltersProps = {
  readonly query: EventQuery;
  readonly farms: readonly { readonly id: string; readonly name: string }[];
  readonly kinds: readonly EventKind[];
};

/** Times are the reader's own; the address carries them with their zone. */
export function EventFilters({ query, farms, kinds }: EventFiltersProps) {
  const router = useRouter();
  const farmOptions = farms.map(({ id, name }) => ({ value: id, label: name }));
  const isFarmGone = query.farmId !== undefined && !farms.some(({ id }) => id === query.farmId);
  return (
    <search>
      <form
        key={eventsHref("", query)}
        aria-label="Filter events"
        className="grid grid-cols-[repeat(auto-fill,minmax(min(150px,45%),1fr))] items-end gap-2.5 px-3.5 py-3"
        onSubmit={(event) => {
          event.preventDefault();
          router.push(eventsHref("/events", queryOf(new FormData(event.currentTarget))));
        }}
      >
        <Labelled text="Text">
          <TextInput
            type="search"
            name="text"
            maxLength={200}
            placeholder="Backend, reason"
            defaultValue={query.text ?? ""}
          />
        </Labelled>
        <Labelled text="Kind">
          <Select
            name="kind"
            defaultValue={query.kind ?? ""}
            options={[
              { value: "", label: "All" },
              ...kinds.map((kind) => ({ value: kind, label: eventKindTexts[kind] })),
            ]}
          />
        </Labelled>
        <Labelled text="Farm">
          <Select
            name="farm"
            defaultValue={query.farmId ?? ""}
            options={[
              { value: "", label: "All" },
              ...farmOptions,
              ...(isFarmGone ? [{ value: query.farmId ?? "", label: "a removed farm" }] : []),
            ]}
          />
        </Labelled>
        <Labelled text="Who">
          <TextInput
            name="by"
            maxLength={100}
            placeholder={`A name, or ${agentName}`}
            defaultValue={query.by === null ? agentName : (query.by ?? "")}
          />
        </Labelled>
        <Labelled text="From" isLong>
          <Moment name="from" atMs={query.fromMs} />
        </Labelled>
        <Labelled text="Until" isLong>
          <Moment name="to" atMs={query.toMs} />
        </Labelled>
        <div className="flex gap-2">
          <Button type="submit" size="lg">
            Show
          </Button>
          <ButtonLink href="/events" size="lg">
            Show all
          </ButtonLink>
        </div>
      </form>
    </search>
  );
}

type LabelledProps = {
  readonly text: string;
  /** needs a phone's whole width */
  readonly isLong?: boolean;
  readonly children: ReactNode;
};

function Labelled({ text, isLong = false, children }: LabelledProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className={clsx("grid min-w-0 gap-1", isLong && "max-sm:col-span-full")}>
      <span className="text-small text-ink-2">{text}</span>
      {children}
    </label>
  );
}

const never = (): (() => void) => () => undefined;

/** The server does not know the reader's zone: it leaves the field empty, and the browser fills it. */
function Moment({ name, atMs }: { readonly name: string; readonly atMs: number | undefined }) {
  const isBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const text = isBrowser ? localText(atMs) : "";
  return <TextInput key={text} type="datetime-local" name={name} defaultValue={text} />;
}

function queryOf(form: FormData): EventQuery {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const moment = (name: string) => {
    const ms = Date.parse(text(name));
    return Number.isNaN(ms) ? "" : new Date(ms).toISOString();
  };
  const params = { text: text("text"), kind: text("kind"), farm: text("farm"), by: text("by") };
  return parseEventQuery({ ...params, from: moment("from"), to: moment("to") });
}

/** As the field wants it: local, without a zone. */
function localText(ms: number | undefined): string {
  if (ms === undefined) return "";
  const local = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
