import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { readSeries } from "@/server/usecases/read-series.ts";

export const dynamic = "force-dynamic";

/** ?farm=ID&rangeS=300 */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  const query = new URL(request.url).searchParams;
  return answer(await readSeries(actor.value, query.get("farm") ?? "", Number(query.get("rangeS") ?? "300")));
}
