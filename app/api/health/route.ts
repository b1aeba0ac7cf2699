import { liveHub } from "@/server/live/live.ts";
import { needsSetup } from "@/server/usecases/enter.ts";

export const dynamic = "force-dynamic";

/** For the launcher and for watchers; says nothing that a stranger should not know. 503 while the database does not answer. */
export async function GET(): Promise<Response> {
  const { state } = liveHub().agent();
  const setup = await needsSetup();
  const headers = { "cache-control": "no-store" };
  if (!setup.ok)
    return Response.json({ status: "storage", agent: state, text: setup.error.text }, { status: 503, headers });
  return Response.json({ status: "ok", agent: state, setup: setup.value }, { headers });
}
