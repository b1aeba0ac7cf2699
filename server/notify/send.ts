/** One message to one target. What it answered is text for the page, also when it did not take the message. */
import type { Result } from "../core/result.ts";
import { sendAlerts } from "./alertmanager.ts";
import { sendMail } from "./mail.ts";
import type { Parcel } from "./parcel.ts";
import { sendWebhook } from "./webhook.ts";

export type Send = (parcel: Parcel) => Promise<Result<string, string>>;

export const send: Send = (parcel) => {
  if (parcel.settings.kind === "webhook") return sendWebhook(parcel);
  return parcel.settings.kind === "smtp" ? sendMail(parcel) : sendAlerts(parcel);
};
