/** Request bodies within a bound: refused by their announced length before a byte is read, else as soon as the bound is passed. */
import type { IncomingMessage } from "node:http";
import { fail, ok, type Result } from "../core/result.ts";

function readBody(request: IncomingMessage, bytesMax: number): Promise<Result<string>> {
  const announced = Number(request.headers["content-length"] ?? "0");
  if (announced > bytesMax) return Promise.resolve(tooLarge(bytesMax, announced));
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    request.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > bytesMax) {
        pieces.length = 0;
        resolve(tooLarge(bytesMax, bytes));
      } else pieces.push(piece);
    });
    request.on("end", () => resolve(ok(Buffer.concat(pieces).toString("utf8"))));
    request.on("error", () => resolve(fail("invalid", "The request ended before its body did.")));
    request.on("close", () => resolve(fail("invalid", "The request ended before its body did.")));
  });
}

export type JsonBody = { readonly value: unknown; readonly bytes: number };

export async function readJson(request: IncomingMessage, bytesMax: number): Promise<Result<JsonBody>> {
  const body = await readBody(request, bytesMax);
  if (!body.ok) return body;
  try {
    return ok({ value: JSON.parse(body.value), bytes: body.value.length });
  } catch {
    return fail("invalid", "The body is not JSON.");
  }
}

function tooLarge(bytesMax: number, bytes: number) {
  const mb = (value: number) => `${(value / 1024 / 1024).toFixed(1)} MB`;
  return fail("too-large", `The body is too large: ${mb(bytes)} or more, at most ${mb(bytesMax)} are taken.`);
}
