import { requirePageActor } from "@/app/session.ts";
import { eventKinds, parseEventQuery } from "@/components/events/event-query.ts";
import { EventsPage } from "@/components/events/events-page.tsx";
import { FailureNote } from "@/components/shell/failure-note.tsx";
import { PageHead } from "@/components/shell/page-head.tsx";
import { can } from "@/server/auth/can.ts";
import { readEvents } from "@/server/usecases/read-events.ts";
import { readFarms } from "@/server/usecases/read-farms.ts";

export const metadata = { title: "Events" };

const pageSize = 100;

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> };

export default async function Page({ searchParams }: Props) {
  const actor = await requirePageActor();
  const query = parseEventQuery(await searchParams);
  const read = await readEvents(actor, { ...query, limit: pageSize + 1 });
  if (!read.ok) return <FailureNote failure={read.error} />;
  const shown = read.value.slice(0, pageSize);
  const farms = await readFarms(actor);
  const names = farms.ok ? farms.value.map(({ farm }) => ({ id: farm.id, name: farm.name })) : [];
  const kinds = can(actor.role, "read-people")
    ? eventKinds
    : eventKinds.filter((kind) => kind !== "sign-in" && kind !== "people");
  return (
    <>
      <PageHead title="Events" sub="everything that happened, and who did it" />
      <EventsPage
        events={shown}
        query={query}
        farms={names.sort((a, b) => (a.name < b.name ? -1 : 1))}
        kinds={kinds}
        olderThan={read.value.length > pageSize ? (shown.at(-1)?.id ?? null) : null}
      />
    </>
  );
}
