/** Newline-JSON from the agent's stream, a line at a time, bounded. A line is about a millisecond of work; other work goes in between. */

import { parseJson } from "../core/json.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { type StreamLine, type StreamMessage, streamEnvelopeSchema } from "../wire/stream.ts";
import { createStreamRows } from "./stream-rows.ts";

const lineCharactersMax = 256 * 1024 * 1024;

export async function readStream(
  body: AsyncIterable<Uint8Array>,
  onMessage: (message: StreamMessage) => void,
  pause: () => Promise<void>,
): Promise<Result<null>> {
  const decoder = new TextDecoder();
  const understand = createStreamRows();
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const lines = decoder.decode(chunk, { stream: true }).split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      const whole = parts.join("") + line;
      parts = [];
      length = 0;
      const message = whole === "" ? null : messageOf(whole, understand);
      if (message !== null) onMessage(message);
      else if (whole !== "")
        return fail("protocol", "The agent's stream cannot be understood: it is of another version", {
          detail: whole.slice(0, 200),
        });
      await pause();
    }
    parts.push(last);
    length += last.length;
    if (length > lineCharactersMax) return fail("protocol", "The agent's stream has no end of line");
  }
  return ok(null);
}

/** The rows are trusted (same product, same version); only the envelope is checked. */
function messageOf(text: string, understand: ReturnType<typeof createStreamRows>): StreamMessage | null {
  const value = parseJson(text);
  return streamEnvelopeSchema.safeParse(value).success ? understand(value as StreamLine) : null;
}
