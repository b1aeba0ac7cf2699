import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActionActor } from "@/app/session.ts";
import { testBackend } from "@/server/usecases/test-backend.ts";

export const dynamic = "force-dynamic";

type Context = { params: Promise<{ id: string; backendId: string }> };

/** "Test now": the backend is asked at once, from our own pages only. It may take as long as the check's timeout. */
export async function POST(_request: Request, { params }: Context): Promise<Response> {
  const actor = await requireActionActor();
  if (!actor.ok) return notSignedIn(actor);
  const { id, backendId } = await params;
  return answer(await testBackend(actor.value, id, backendId));
}
