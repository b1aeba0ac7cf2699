/** A datagram. "Port unreachable" is down; silence is up, for most services say nothing to what they do not know, unless an answer is expected. */
import type { HealthCheck } from "../../core/farm/health-check.ts";
import type { Done, Place } from "../attempt.ts";
import { askDatagram } from "./udp-socket.ts";

export type UdpCheck = Extract<HealthCheck, { type: "udp" }>;

export function checkUdp({ payload, expect }: UdpCheck, place: Place, done: Done): void {
  let hasAnswered = false;
  const wanted = expect === null ? null : Buffer.from(expect, "latin1");
  askDatagram(
    place,
    {
      payload: Buffer.from(payload, "latin1"),
      onAnswer(answer, attempt) {
        hasAnswered = true;
        if (wanted === null || answer.includes(wanted)) attempt.good();
      },
      onSilence(attempt) {
        if (wanted === null) attempt.good("no answer, and none is expected");
        else if (hasAnswered) attempt.bad("unhealthy", "answered something else than is expected");
        else attempt.bad("timeout", `no answer within ${place.timeoutMs} ms`);
      },
    },
    done,
  );
}
