import { createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { openReceiver, type Receiver } from "./receiver.testing.ts";
import { sampleParcel } from "./sample-parcel.testing.ts";
import { sendWebhook } from "./webhook.ts";

const open: Receiver[] = [];
afterEach(async () => {
  for (const receiver of open.splice(0)) await receiver.close();
});

async function receiver(...args: Parameters<typeof openReceiver>): Promise<Receiver> {
  const made = await openReceiver(...args);
  open.push(made);
  return made;
}

describe("a webhook", () => {
  it("gets JSON with its key, token and a signature over moment and body", async () => {
    const { url, received } = await receiver();
    const secrets = { url, bearer: "let-me-in", hmac: "shared" };
    expect(await sendWebhook(sampleParcel({ secrets }))).toEqual({ ok: true, value: "204 No Content" });
    const [got] = received;
    const body = got?.body ?? "";
    expect(JSON.parse(body)).toMatchObject({
      ...{ version: 1, key: "t1.f1.7", status: "problem", balancer: "lb-1", farm: { name: "shop" } },
      ...{ url: "https://console.example/farms/f1", events: [{ incident: "7", backend: { name: "web-1" } }] },
    });
    expect(got?.headers).toMatchObject({ "idempotency-key": "t1.f1.7", authorization: "Bearer let-me-in" });
    const digest = createHmac("sha256", "shared").update(`1001.${body}`).digest("hex");
    expect(got?.headers["sluice-signature"]).toBe(`t=1001,v1=${digest}`);
  });

  it("a refusal is told with its status and words; a redirect is not followed", async () => {
    const elsewhere = await receiver();
    const answers = [
      { status: 403, text: "no  such\ntoken" },
      { status: 302, headers: { location: elsewhere.url } },
    ];
    const { url } = await receiver(() => answers.shift() ?? null);
    expect(await sendWebhook(sampleParcel({ secrets: { url } }))).toMatchObject({
      error: "It answers 403 Forbidden: no such token",
    });
    expect(await sendWebhook(sampleParcel({ secrets: { url } }))).toMatchObject({
      error: expect.stringMatching(/302.*redirects are not followed/),
    });
    expect(await sendWebhook(sampleParcel({ secrets: { url } }))).toMatchObject({
      error: expect.stringMatching(/broke off/),
    });
    expect(elsewhere.received).toEqual([]);
  });

  it("a token that no header may carry is told in words, and nothing is sent", async () => {
    const { url, received } = await receiver();
    for (const bearer of ["snow\u2603man", "a\u0000b"])
      expect(await sendWebhook(sampleParcel({ secrets: { url, bearer } }))).toMatchObject({
        ok: false,
        error: expect.stringMatching(/^It cannot be sent: Invalid character in header content/),
      });
    expect(received).toEqual([]);
  });

  it("one that never answers, or never ends, holds nobody up", async () => {
    const { createServer } = await import("node:http");
    const endless = createServer((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write("x".repeat(50)), 1);
      response.on("close", () => clearInterval(timer));
    });
    const silent = createServer(() => {});
    const urls = await Promise.all(
      [endless, silent].map(
        (server) =>
          new Promise<string>((resolve) => {
            server.listen(0, "127.0.0.1", () => {
              const address = server.address();
              resolve(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`);
            });
          }),
      ),
    );
    const [first = "", second = ""] = urls;
    expect((await sendWebhook(sampleParcel({ secrets: { url: first } }))).ok).toBe(true);
    const late = await sendWebhook(sampleParcel({ secrets: { url: second }, deadlineMs: 100 }));
    expect(late).toMatchObject({ error: "127.0.0.1: no answer in time" });
    for (const server of [endless, silent]) {
      server.closeAllConnections();
      server.close();
    }
  });
});
