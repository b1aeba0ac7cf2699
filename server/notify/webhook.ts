/** A webhook: one POST of JSON a message, signed where a secret is set, with the same key when it is sent again. */
import { createHmac } from "node:crypto";
import type { Result } from "../core/result.ts";
import { httpPost } from "./http-post.ts";
import { linkOf, type Parcel } from "./parcel.ts";

const linesShownMax = 200;

export async function sendWebhook(parcel: Parcel): Promise<Result<string, string>> {
  const { secrets, notice, allowed, deadlineMs, nowMs } = parcel;
  if (secrets.url === undefined || secrets.url === "") return { ok: false, error: "It has no address" };
  const body = webhookBody(parcel);
  const headers = {
    "user-agent": "sluice",
    "idempotency-key": notice.key,
    ...(secrets.bearer ? { authorization: `Bearer ${secrets.bearer}` } : {}),
    ...(secrets.hmac ? { "sluice-signature": signature(body, secrets.hmac, Math.floor(nowMs / 1000)) } : {}),
  };
  return httpPost({ url: secrets.url, body, headers, allowed, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
}

/** `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY`. */
function signature(body: string, secret: string, atS: number): string {
  return `t=${atS},v1=${createHmac("sha256", secret).update(`${atS}.${body}`).digest("hex")}`;
}

function webhookBody(parcel: Parcel): string {
  const { notice, balancer, nowMs } = parcel;
  const events = notice.lines.slice(0, linesShownMax).map((line) => ({
    at: iso(line.at),
    status: line.status,
    kind: line.kind,
    text: line.text,
    farm: line.farm,
    backend: line.backendId === null ? null : { id: line.backendId, name: line.backend },
    incident: line.incident,
    since: iso(line.sinceMs),
    reminder: line.isReminder,
  }));
  return JSON.stringify({
    version: 1,
    key: notice.key,
    status: notice.status,
    title: notice.title,
    // what chat programs show of a webhook
    text: [notice.title, ...notice.lines.slice(0, 10).map(({ text }) => text)].join("\n"),
    balancer,
    farm: notice.farm,
    sentAt: iso(nowMs),
    url: linkOf(parcel, notice.farm),
    events,
    more: Math.max(0, notice.lines.length - linesShownMax),
  });
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
