/** The agent's live rows of this moment: the first message of its stream. */
import { fail, ok, type Result } from "../core/result.ts";
import type { StreamMessage } from "../wire/stream.ts";
import type { OpenAgent } from "./world.ts";

export type Hello = Extract<StreamMessage, { type: "hello" }>;

export async function liveOnce({ link }: OpenAgent): Promise<Result<Hello>> {
  const end = new AbortController();
  let hello: Hello | null = null;
  const ended = await link.stream((message) => {
    if (message.type !== "hello" || hello !== null) return;
    hello = message;
    end.abort();
  }, end.signal);
  if (hello !== null) return ok(hello);
  return ended.ok ? fail("agent-down", "The agent closed its stream at once", { retry: true }) : ended;
}
