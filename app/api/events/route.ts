import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { eventsCsv } from "@/components/events/event-csv.ts";
import { parseEventQuery } from "@/components/events/event-query.ts";
import { readEvents } from "@/server/usecases/read-events.ts";

export const dynamic = "force-dynamic";

/** as many as the log keeps, and a few more */
const rowsMax = 25_000;

/** The events that fit, as CSV, newest first: ?text=&kind=&farm=&by=&from=&to= as on the page. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  const query = parseEventQuery(Object.fromEntries(new URL(request.url).searchParams));
  const events = await readEvents(actor.value, { ...query, limit: rowsMax });
  if (!events.ok) return answer(events);
  return new Response(eventsCsv(events.value), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="sluice-events.csv"',
      "cache-control": "no-store",
    },
  });
}
