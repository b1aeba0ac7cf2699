/** Mail over a real SMTP server. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendMail } from "./mail.ts";
import { sampleParcel } from "./sample-parcel.testing.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-mail-"));
const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
const mails: { readonly text: string; readonly isSecure: boolean; readonly user: string | undefined }[] = [];
let server: SMTPServer;

beforeAll(async () => {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, "-keyout", key, "-out", cert],
    {
      stdio: "ignore",
    },
  );
  server = new SMTPServer({
    key: readFileSync(key),
    cert: readFileSync(cert),
    authOptional: true,
    allowInsecureAuth: true,
    onAuth(auth, _session, done) {
      if (auth.username === "sluice" && auth.password === "gate") done(null, { user: auth.username });
      else done(new Error("no such user"));
    },
    onRcptTo(address, _session, done) {
      done(address.address.startsWith("nobody") ? new Error("no such mailbox") : null);
    },
    onData(stream, session, done) {
      let text = "";
      stream.on("data", (chunk) => {
        text += String(chunk);
      });
      stream.on("end", () => {
        mails.push({ text, isSecure: session.secure, user: session.user });
        done();
      });
    },
  });
  server.listen(0, "127.0.0.1");
  await once(server.server, "listening");
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function settings(more: Readonly<Record<string, unknown>> = {}) {
  const port = (server.server.address() as AddressInfo).port;
  const base = {
    kind: "smtp",
    host: "localhost",
    port,
    security: "none",
    user: "sluice",
    from: "lb@example.net",
  } as const;
  return { ...base, to: ["ops@example.net"], ...more };
}

describe("a mail", () => {
  test("arrives with its words, its key as message id, and in the thread of its problem", async () => {
    const sent = await sendMail(sampleParcel({ settings: settings(), secrets: { password: "gate" } }));
    expect(sent).toMatchObject({ ok: true, value: expect.stringMatching(/^250/) });
    const text = mails.at(-1)?.text ?? "";
    expect(text).toMatch(/^Subject: \[Sluice\] problem: shop: web-1 is down\r$/m);
    expect(text).toMatch(/^Message-ID: <t1\.f1\.7@sluice>\r$/m);
    expect(text).toMatch(/^References: <incident\.7@sluice>\r$/m);
    expect(text).toContain("web-1 is down: connection refused");
    expect(mails.at(-1)?.user).toBe("sluice");
  });

  test("a wrong password and an unknown mailbox are told in the server's words", async () => {
    const wrong = await sendMail(sampleParcel({ settings: settings(), secrets: { password: "wrong" } }));
    expect(wrong).toMatchObject({ ok: false, error: expect.stringMatching(/no such user/) });
    const nobody = settings({ to: ["nobody@example.net"], user: "" });
    expect(await sendMail(sampleParcel({ settings: nobody }))).toMatchObject({
      error: expect.stringMatching(/no such mailbox/),
    });
  });

  test("with STARTTLS nothing goes to a server whose certificate is not trusted, and it goes encrypted to one that is", async () => {
    const secure = sampleParcel({ settings: settings({ security: "starttls" }), secrets: { password: "gate" } });
    const before = mails.length;
    expect(await sendMail(secure)).toMatchObject({ ok: false, error: expect.stringMatching(/self.signed/) });
    expect(mails).toHaveLength(before);
    const script = join(import.meta.dirname, "send-mail.testing.ts");
    const child = spawn(process.execPath, ["--import", "tsx", script, JSON.stringify({ ...secure, allowed: [] })], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
      stdio: "inherit",
    });
    expect((await once(child, "exit"))[0]).toBe(0);
    expect(mails.at(-1)?.isSecure).toBe(true);
  });
});
