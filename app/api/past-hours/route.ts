import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { readPastHours } from "@/server/usecases/read-past-hours.ts";

export const dynamic = "force-dynamic";

/** ?farms=ID,ID,...: the last hour of each */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  const farms = new URL(request.url).searchParams.get("farms") ?? "";
  return answer(await readPastHours(actor.value, farms === "" ? [] : farms.split(",")));
}
