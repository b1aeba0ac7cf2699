import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { conditionsOfLive } from "@/server/core/health/live-conditions.ts";
import { liveHub } from "@/server/live/live.ts";
import { explainClient } from "@/server/usecases/explain-client.ts";

export const dynamic = "force-dynamic";

/** ?client=10.0.0.5&target=192.168.0.40:80/tcp */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  const asked = new URL(request.url).searchParams;
  const question = { client: asked.get("client") ?? "", target: asked.get("target") ?? "" };
  return answer(await explainClient(actor.value, question, conditionsOf));
}

function conditionsOf(farmId: string) {
  return conditionsOfLive(liveHub().farm(farmId)?.backends ?? []);
}
