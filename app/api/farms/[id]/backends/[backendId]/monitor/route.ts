import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { readBackendMonitor } from "@/server/usecases/read-backend-monitor.ts";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string; backendId: string }> };

/** Checks, heartbeat, times and weights of one backend. */
export async function GET(_request: Request, { params }: Context): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  const { id, backendId } = await params;
  return answer(await readBackendMonitor(actor.value, id, backendId));
}
