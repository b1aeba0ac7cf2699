/** A DNS query over UDP. An error code is down; an answer without records is up, but not all is well. */
import { randomInt } from "node:crypto";
import type { HealthCheck } from "../../core/farm/health-check.ts";
import { beginAttempt, type Done, type Place } from "../attempt.ts";
import { dnsQuestion, readDnsAnswer } from "./dns-message.ts";
import { askDatagram } from "./udp-socket.ts";

export type DnsCheck = Extract<HealthCheck, { type: "dns" }>;

const idMax = 65_536;
const codes: Readonly<Record<number, string>> = {
  1: "FORMERR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  4: "NOTIMP",
  5: "REFUSED",
};

export function checkDns({ name, recordType }: DnsCheck, place: Place, done: Done): void {
  const question = dnsQuestion(randomInt(idMax), name, recordType);
  if (question === null) {
    const attempt = beginAttempt(place.timeoutMs, done, { free: () => undefined });
    attempt.bad("cannot-check", "the name cannot be asked for: a part is empty or longer than 63 characters");
    return;
  }
  askDatagram(
    place,
    {
      payload: question,
      onAnswer(answer, attempt) {
        const read = readDnsAnswer(answer, question);
        if (read === "other") return;
        if (read === "broken") attempt.bad("malformed", "the answer is not DNS");
        else if (read.rcode !== 0) attempt.bad("unhealthy", `answers ${codes[read.rcode] ?? `code ${read.rcode}`}`);
        else if (read.records === 0) attempt.good("answers without records", { degraded: true });
        else attempt.good(`records: ${read.records}`);
      },
    },
    done,
  );
}
