import { answer } from "@/app/api/answer.ts";
import { caller, currentActor, requireOwnOrigin } from "@/app/session.ts";
import { fail } from "@/server/core/result.ts";
import { enter, leave } from "@/server/usecases/enter.ts";

export const dynamic = "force-dynamic";

/** better-auth's own paths, as far as we use them; signing in goes through the counting of wrong passwords like the page does. */
export async function POST(request: Request): Promise<Response> {
  const own = await requireOwnOrigin();
  if (!own.ok) return answer(own);
  const path = new URL(request.url).pathname;
  if (path === "/api/auth/sign-in/username") return outcome(await enter(await smallJson(request), await caller()));
  if (path === "/api/auth/sign-out") return outcome(await leave((await caller()).headers));
  return answer(fail("not-found", "There is no such path"));
}

/** Who is signed in, or null. Never the session itself: its cookie is kept from scripts, and so is what it holds. */
export async function GET(request: Request): Promise<Response> {
  if (new URL(request.url).pathname !== "/api/auth/get-session")
    return answer(fail("not-found", "There is no such path"));
  return Response.json(await currentActor(), { headers: { "cache-control": "no-store" } });
}

function outcome(result: { readonly status: string }): Response {
  return Response.json(result, {
    status: result.status === "ok" ? 200 : 401,
    headers: { "cache-control": "no-store" },
  });
}

const bodyBytesMax = 4096;

/** null when it is no JSON or too long; nothing beyond the bound is read. */
async function smallJson(request: Request): Promise<unknown> {
  const reader = request.body?.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    size += part.value.length;
    if (size > bodyBytesMax) {
      await reader?.cancel();
      return null;
    }
    chunks.push(part.value);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    return null;
  }
}
