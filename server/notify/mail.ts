/** A mail over SMTP. Messages about the same problem refer to the same thread, so a mail program shows its end under it. */
import { isIP } from "node:net";
import { createTransport } from "nodemailer";
import { ok, type Result } from "../core/result.ts";
import { troubleText } from "./http-post.ts";
import { linkOf, type Parcel } from "./parcel.ts";
import { placeOf } from "./place.ts";

const linesShownMax = 100;
const deadlineDefaultMs = 20_000;
const threadsMax = 10;
const words = { problem: "problem", resolved: "resolved", note: "note" } as const;

export async function sendMail(parcel: Parcel): Promise<Result<string, string>> {
  const { settings, secrets, notice, allowed } = parcel;
  if (settings.kind !== "smtp") return { ok: false, error: "It is no mail server" };
  const place = await placeOf(settings.host, allowed);
  if (!place.ok) return place;
  const deadlineMs = parcel.deadlineMs ?? deadlineDefaultMs;
  const { host, port, security, user, from, to } = settings;
  const transport = createTransport({
    host: place.value.address,
    port,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    // an address is verified as an address, a name as the name it was asked by
    tls: isIP(host) === 0 ? { servername: host } : {},
    ...(user === "" ? {} : { auth: { user, pass: secrets.password ?? "" } }),
    connectionTimeout: deadlineMs,
    greetingTimeout: deadlineMs,
    socketTimeout: deadlineMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no answer in time")), deadlineMs).unref();
  });
  try {
    const mail = { from, to: [...to], subject: plain(`[Sluice] ${words[notice.status]}: ${notice.title}`) };
    const more = { text: textOf(parcel), messageId: `<${notice.key}@sluice>`, references: threadsOf(parcel) };
    const sent = await Promise.race([transport.sendMail({ ...mail, ...more }), late]);
    return ok(String(sent.response).slice(0, 200));
  } catch (error) {
    return { ok: false, error: troubleText(error, `${host}:${port}`) };
  } finally {
    transport.close();
  }
}

function textOf(parcel: Parcel): string {
  const { notice, balancer } = parcel;
  const shown = notice.lines.slice(0, linesShownMax);
  const lines = shown.map(({ at, status, farm, backend, text, isReminder }) => {
    const where = notice.farm === null && farm !== null ? `${farm.name}: ` : "";
    const subject = backend === null || text.includes(backend) ? "" : `${backend}: `;
    return `${new Date(at).toISOString().slice(0, 19)}Z  ${status}${isReminder ? ", still" : ""}: ${where}${subject}${plain(text)}`;
  });
  const more = notice.lines.length - shown.length;
  return [
    plain(notice.title),
    "",
    ...lines,
    ...(more > 0 ? [`and ${more} more`] : []),
    "",
    `Balancer ${plain(balancer)}, ${linkOf(parcel, notice.farm)}`,
    "",
  ].join("\n");
}

function threadsOf({ notice }: Parcel): string[] {
  const incidents = notice.lines.flatMap(({ incident }) => (incident === null ? [] : [incident]));
  return [...new Set(incidents)].slice(0, threadsMax).map((incident) => `<incident.${incident}@sluice>`);
}

/** No control characters: names and reasons were written by others. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}
