import { once } from "node:events";
import { createServer, get } from "node:http";
import { expect, test } from "vitest";
import { sendJsonPieces } from "./answers.ts";

test("a large answer waits for a reader that is slower than it", async () => {
  const piece = "x".repeat(1024 * 1024);
  let heldMax = 0;
  const server = createServer((_, response) => {
    const pause = async () => {
      heldMax = Math.max(heldMax, response.writableLength);
    };
    void sendJsonPieces(response, Array<string>(32).fill(piece), pause);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const [answer] = await once(get({ host: "127.0.0.1", port }), "response");
  let read = 0;
  for await (const chunk of answer) read += chunk.length;
  server.close();
  expect(read).toBe(32 * piece.length);
  expect(heldMax).toBeLessThan(2 * piece.length);
});
