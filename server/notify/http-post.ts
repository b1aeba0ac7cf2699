/** One POST of JSON: a deadline for all of it, no redirect followed, and of the answer only its beginning read. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import type { Network } from "../core/farm/networks.ts";
import { ok, type Result } from "../core/result.ts";
import { type Place, placeOf } from "./place.ts";

export type Post = {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly allowed: readonly Network[];
  readonly deadlineMs?: number;
};

const deadlineDefaultMs = 10_000;
const shownMax = 200;

/** The status with the beginning of the answer, or why it was not taken, as a sentence. */
export async function httpPost({ url, body, headers, allowed, deadlineMs }: Post): Promise<Result<string, string>> {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target === null) return { ok: false, error: "The address is not one" };
  const place = await placeOf(target.hostname, allowed);
  if (!place.ok) return place;
  const length = { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) };
  const signal = AbortSignal.timeout(deadlineMs ?? deadlineDefaultMs);
  try {
    return await exchange(target, place.value, { ...headers, ...length }, body, signal);
  } catch (error) {
    // a token with a letter that no header may carry, a scheme that is not HTTP's: nothing was sent
    return { ok: false, error: `It cannot be sent: ${messageOf(error)}` };
  }
}

function exchange(
  target: URL,
  place: Place,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const options = { method: "POST", headers, lookup: always(place), agent: false, signal } as const;
    const request = send(target, options, (response) => {
      let text = "";
      const settle = () => {
        response.destroy();
        resolve(judged(response.statusCode ?? 0, response.statusMessage ?? "", text));
      };
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += String(chunk);
        if (text.length > shownMax) settle();
      });
      response.on("end", settle);
      // the status is known; an answer that breaks off changes nothing
      response.on("error", settle);
    });
    request.on("error", (error) => resolve({ ok: false, error: troubleText(error, place.address) }));
    request.end(body);
  });
}

/** The address that was looked at, whatever the name says by now. */
function always({ address, family }: Place): LookupFunction {
  return (_host, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

function judged(status: number, message: string, text: string): Result<string, string> {
  const beginning = text.replace(/\s+/g, " ").trim().slice(0, shownMax);
  const said = `${status} ${message}`.trim() + (beginning === "" ? "" : `: ${beginning}`);
  if (status >= 200 && status < 300) return ok(said);
  if (status >= 300 && status < 400) return { ok: false, error: `It answers ${said}; redirects are not followed` };
  return { ok: false, error: `It answers ${said}` };
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection broke off",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the network",
  ABORT_ERR: "no answer in time",
  ETLS: "TLS failed",
};

export function troubleText(error: unknown, address: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = Object.hasOwn(sentences, code) ? sentences[code] : undefined;
  return `${address}: ${known ?? messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\s+/g, " ").slice(0, shownMax) : "no answer";
}
