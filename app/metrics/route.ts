import { hasMetricsToken } from "@/server/auth/metrics-token.ts";
import { expositionType } from "@/server/core/metrics/exposition.ts";
import { webEnv } from "@/server/platform/web-env.ts";
import { readMetrics } from "@/server/usecases/read-metrics.ts";

export const dynamic = "force-dynamic";

/** For Prometheus, text format 0.0.4; `Authorization: Bearer TOKEN`, made in the settings or put into the state folder. */
export async function GET(request: Request): Promise<Response> {
  if (!hasMetricsToken(webEnv().dataDir, request.headers.get("authorization")))
    return new Response("A bearer token is needed; an administrator makes one in the settings\n", {
      status: 401,
      headers: { "www-authenticate": 'Bearer realm="sluice metrics"', "content-type": "text/plain; charset=utf-8" },
    });
  return new Response(streamOf(readMetrics()), {
    headers: { "content-type": expositionType, "cache-control": "no-store" },
  });
}

/** Pulled by who reads: a scraper that goes away ends the agent's answer as well. */
function streamOf(pieces: AsyncGenerator<Uint8Array, void, undefined>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await pieces.return();
    },
  });
}
