/** The notifier of a web process, on a database of the test's: database file, state folder. Ended from outside, by kill -9. */
import { openDatabase } from "../db/database.ts";
import { loopback } from "../notify/sample-parcel.testing.ts";
import { send } from "../notify/send.ts";
import { createNotifier } from "./notify-events.ts";

const [, , path = "", dataDir = ""] = process.argv;
const opened = await openDatabase({ url: `file:${path}` });
if (!opened.ok) throw new Error(opened.error.text);
const notifier = createNotifier({
  ...{ database: async () => opened, nowMs: Date.now, random: Math.random, send, dataDir, log: () => {} },
  lease: { owner: `process ${process.pid}`, leaseMs: 2000 },
  parcel: { origin: "http://console.example", allowed: loopback, balancer: () => "lb-1" },
});
for (;;) {
  await notifier.run();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
