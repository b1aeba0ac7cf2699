import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { readRuleset } from "@/server/usecases/read-ruleset.ts";

export const dynamic = "force-dynamic";

/** ?farm=ID */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  return answer(await readRuleset(actor.value, new URL(request.url).searchParams.get("farm") ?? ""));
}
