import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { readRangeEvents } from "@/server/usecases/read-range-events.ts";

export const dynamic = "force-dynamic";

/** ?farm=ID&rangeS=86400 */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  const query = new URL(request.url).searchParams;
  return answer(await readRangeEvents(actor.value, query.get("farm") ?? "", Number(query.get("rangeS") ?? "86400")));
}
