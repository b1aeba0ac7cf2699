/** Sends the mail of its argument: a process of its own, because trusted certificates are read at its start. */
import { sendMail } from "./mail.ts";
import { loopback } from "./sample-parcel.testing.ts";

const sent = await sendMail({ ...JSON.parse(process.argv[2] ?? ""), allowed: loopback });
if (!sent.ok) throw new Error(sent.error);
