import { answer, notSignedIn } from "@/app/api/answer.ts";
import { requireActor } from "@/app/session.ts";
import { can } from "@/server/auth/can.ts";
import { authRuntime } from "@/server/auth/runtime.ts";
import { actorOf } from "@/server/auth/session.ts";
import { fail } from "@/server/core/result.ts";
import { openStream } from "@/server/live/live.ts";
import { parseScope } from "@/server/live/scope.ts";
import { eventStreamHeaders } from "@/server/live/sse.ts";

export const dynamic = "force-dynamic";

/** Server-sent events, core/metrics/feed.ts. The session is asked for again while the stream lives. */
export async function GET(request: Request): Promise<Response> {
  const actor = await requireActor();
  if (!actor.ok) return notSignedIn(actor);
  if (!can(actor.value.role, "read-live")) return answer(fail("not-allowed", "Your role does not allow this"));
  const scope = parseScope(new URL(request.url).searchParams.get("scope") ?? "overview");
  if (!scope.ok) return answer(scope);
  const headers = new Headers({ cookie: request.headers.get("cookie") ?? "" });
  const stream = openStream(scope.value, () => mayStillListen(headers));
  if (stream === null) return answer(fail("busy", "Too many open streams; try again later", { retry: true }));
  return new Response(stream, { headers: eventStreamHeaders });
}

/** A database that does not answer is no reason to cut people off from live values; a session that is gone is. */
async function mayStillListen(headers: Headers): Promise<boolean> {
  const auth = await authRuntime();
  if (!auth.ok) return true;
  const actor = await actorOf(auth.value, headers, auth.value.nowMs());
  return actor.ok ? actor.value !== null && can(actor.value.role, "read-live") : true;
}
