/** Which question goes to which check. What may not be asked is refused here once more, on the parsed address. */

import { uncheckableAddress } from "../core/farm/check-address.ts";
import type { HealthCheck } from "../core/farm/health-check.ts";
import type { ProbeTarget } from "../wire/prober.ts";
import { beginAttempt, type Done, type Place } from "./attempt.ts";
import { checkHttp } from "./checks/http.ts";
import { checkTcp } from "./checks/tcp.ts";
import type { Pinger } from "./ping/pinger.ts";

export type Ask = (target: ProbeTarget, done: Done) => void;

export type AskDeps = { readonly pinger: Pinger };

export function createAsk(deps: AskDeps): Ask {
  return (target, done) => {
    const refusal = uncheckableAddress(target.address);
    if (refusal !== null) return cannotCheck(refusal, done);
    const { probe, address, timeoutMs } = target;
    if (probe.what === "check" && probe.check.type === "ping") return deps.pinger.ask({ address, timeoutMs }, done);
    if (target.port === null) return cannotCheck("there is no port to ask", done);
    const place: Place = { address, port: target.port, timeoutMs };
    if (probe.what === "connect") checkTcp(place, done);
    else if (probe.what === "check") check(probe.check, place, done);
    else cannotCheck("the load cannot be read yet", done);
  };
}

function check(asked: HealthCheck, place: Place, done: Done): void {
  switch (asked.type) {
    case "tcp":
      checkTcp(place, done);
      break;
    case "http":
      checkHttp(asked, place, done);
      break;
    default:
      cannotCheck("this kind of check cannot be made yet", done);
  }
}

function cannotCheck(text: string, done: Done): void {
  beginAttempt(0, done, { free: () => undefined }).bad("cannot-check", text);
}
