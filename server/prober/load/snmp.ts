/** How busy a machine is, by SNMP: the mean over its CPUs of the last minute. */
import { randomInt } from "node:crypto";
import type { LoadSource } from "../../core/farm/dynamic.ts";
import type { Done, Place } from "../attempt.ts";
import { askDatagram } from "../checks/udp-socket.ts";
import { loadRequest, readLoadAnswer } from "./snmp-message.ts";

export type Snmp = Extract<LoadSource, { type: "snmp" }>;

const idMax = 0x7fff_ffff;

export function readSnmp({ community }: Snmp, place: Place, done: Done): void {
  const id = randomInt(1, idMax);
  askDatagram(
    place,
    {
      payload: loadRequest(id, community),
      onAnswer(answer, attempt) {
        const read = readLoadAnswer(answer, id);
        if (read === "other") return;
        if (read === "broken") attempt.bad("malformed", "the answer is not SNMP");
        else if (read === "empty") attempt.bad("unhealthy", "it does not tell the load of its CPUs (hrProcessorLoad)");
        else if (typeof read === "number") attempt.bad("unhealthy", `SNMP error ${read}`);
        else attempt.good(`CPU ${Math.round(read.loadPct)} %`, { loadPct: read.loadPct });
      },
    },
    done,
  );
}
