import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { findPlaces } from "@/server/usecases/find-places.ts";

export const dynamic = "force-dynamic";

/** ?text=web-1: farms and backends, best first */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  return answer(await findPlaces(actor.value, new URL(request.url).searchParams.get("text") ?? ""));
}
