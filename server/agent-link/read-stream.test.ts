import { expect, test } from "vitest";
import { readStream } from "./read-stream.ts";

const line = (n: number) => `${JSON.stringify({ type: "revision", epoch: 1, n, farmIds: [`f\u00fcr ${n}`] })}\n`;
const bytes = new TextEncoder().encode([1, 2, 3, 4, 5].map(line).join(""));

async function* inChunksOf(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 7, 100, 10_000])(
  "lines arrive whole and in order, cut into chunks of %d bytes, with a pause after each",
  async (size) => {
    const seen: string[] = [];
    const read = await readStream(
      inChunksOf(size),
      (message) => seen.push(message.type === "revision" ? `${message.n} ${message.farmIds.join()}` : message.type),
      async () => void seen.push("pause"),
    );
    expect(read).toEqual({ ok: true, value: null });
    expect(seen).toEqual([1, 2, 3, 4, 5].flatMap((n) => [`${n} f\u00fcr ${n}`, "pause"]));
  },
);

test("a line that is no message ends the reading", async () => {
  async function* nonsense(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('{"type":"?"}\n');
  }
  const read = await readStream(
    nonsense(),
    () => undefined,
    () => Promise.resolve(),
  );
  expect(!read.ok && read.error.code).toBe("protocol");
});
