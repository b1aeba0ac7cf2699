/** Which question goes to which check. What may not be asked is refused here once more, on the parsed address. */
import { uncheckableAddress } from "../core/farm/check-address.ts";
import type { LoadSource } from "../core/farm/dynamic.ts";
import type { HealthCheck } from "../core/farm/health-check.ts";
import type { ProbeTarget } from "../wire/prober.ts";
import { beginAttempt, type Done, type Place } from "./attempt.ts";
import { checkAgent } from "./checks/agent.ts";
import { checkDns } from "./checks/dns.ts";
import { checkExternal } from "./checks/external.ts";
import { checkGrpc } from "./checks/grpc.ts";
import { checkHttp } from "./checks/http.ts";
import { checkHttps } from "./checks/https.ts";
import { checkTcp } from "./checks/tcp.ts";
import { type Authorities, checkTls } from "./checks/tls.ts";
import { checkUdp } from "./checks/udp.ts";
import { type LastReadings, readNodeExporter } from "./load/node-exporter.ts";
import { readSnmp } from "./load/snmp.ts";
import type { Pinger } from "./ping/pinger.ts";

export type Ask = (target: ProbeTarget, done: Done) => void;

export type AskDeps = {
  readonly pinger: Pinger;
  readonly authorities: Authorities;
  /** of the host's own checks */
  readonly checkFolder: string;
};

export function createAsk(deps: AskDeps): Ask {
  const readings: LastReadings = new WeakMap();
  const refusals = new WeakMap<ProbeTarget, { readonly text: string | null }>();

  /** an address is parsed once, not at each probe */
  function refusalOf(target: ProbeTarget): string | null {
    const known = refusals.get(target) ?? { text: uncheckableAddress(target.address) };
    refusals.set(target, known);
    return known.text;
  }

  return (target, done) => {
    const { probe, address, port, timeoutMs } = target;
    const refusal = refusalOf(target);
    if (refusal !== null) cannotCheck(refusal, done);
    else if (probe.what === "check" && probe.check.type === "ping") deps.pinger.ask({ address, timeoutMs }, done);
    else if (port === null) cannotCheck("there is no port to ask", done);
    else {
      try {
        askPlace(target, { address, port, timeoutMs }, done);
      } catch {
        cannotCheck("the check could not be started", done);
      }
    }
  };

  function askPlace(target: ProbeTarget, place: Place, done: Done): void {
    const { probe } = target;
    if (probe.what === "connect") checkTcp(place, done);
    else if (probe.what === "check") check(probe.check, place, deps, done);
    else load(probe.source, target, place, done);
  }

  function load(source: LoadSource, target: ProbeTarget, place: Place, done: Done): void {
    if (source.type === "node-exporter") readNodeExporter({ source, target, readings }, place, done);
    else if (source.type === "snmp") readSnmp(source, place, done);
    else checkAgent(place, done);
  }
}

/** The check itself, without the gate. */
export function check(asked: HealthCheck, place: Place, deps: Omit<AskDeps, "pinger">, done: Done): void {
  switch (asked.type) {
    case "tcp":
      checkTcp(place, done);
      break;
    case "tls":
      checkTls(asked, place, deps.authorities, done);
      break;
    case "http":
      checkHttp(asked, place, done);
      break;
    case "https":
      checkHttps(asked, place, deps.authorities, done);
      break;
    case "udp":
      checkUdp(asked, place, done);
      break;
    case "dns":
      checkDns(asked, place, done);
      break;
    case "grpc":
      checkGrpc(asked, place, deps.authorities, done);
      break;
    case "agent":
      checkAgent(place, done);
      break;
    case "external":
      checkExternal({ command: asked.command, folder: deps.checkFolder }, place, done);
      break;
    case "ping":
      cannotCheck("a ping has no port", done);
  }
}

function cannotCheck(text: string, done: Done): void {
  beginAttempt(0, done, { free: () => undefined }).bad("cannot-check", text);
}
