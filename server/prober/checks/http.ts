/** A request of HTTP/1.1 over TCP, and its judgement, which https shares. */
import type { Duplex } from "node:stream";
import type { HealthCheck } from "../../core/farm/health-check.ts";
import { type Attempt, type Done, failBySocket, type Place, type Seen } from "../attempt.ts";
import { createHttpReader, type Verdict } from "./http-reader.ts";
import { requestText } from "./http-request.ts";
import { openSocket } from "./tcp.ts";
import { createTextSearch } from "./text-search.ts";

export type HttpCheck = Extract<HealthCheck, { type: "http" | "https" }>;

const httpPort = 80;

export function checkHttp(check: HttpCheck, place: Place, done: Done): void {
  const { socket, attempt } = openSocket(place, done, () =>
    exchange({ check, place, defaultPort: httpPort, stream: socket, attempt, seen: {} }),
  );
}

export type Exchange = {
  readonly check: HttpCheck;
  readonly place: Place;
  readonly defaultPort: number;
  readonly stream: Duplex;
  readonly attempt: Attempt;
  /** known before the request: the certificate */
  readonly seen: Seen;
  /** in the good answer's text, behind the status */
  readonly note?: string;
};

/** Asks on an open connection and ends the attempt by the answer. */
export function exchange(given: Exchange): void {
  const { check, place, stream, attempt, defaultPort } = given;
  const search = check.text === null ? null : createTextSearch(check.text);
  const reader = createHttpReader({
    isHead: check.method === "HEAD",
    bodyBytesMax: check.bodyBytesMax,
    onBody: search === null ? null : search.push,
  });
  const judge = (verdict: Verdict | null) => {
    if (verdict !== null) endBy(given, verdict, search === null || search.isFound());
  };
  stream.on("data", (chunk: Buffer) => {
    if (!attempt.isOver()) judge(reader.push(chunk));
  });
  stream.on("end", () => {
    if (!attempt.isOver()) judge(reader.end());
  });
  stream.write(requestText(check, place.address, place.port, defaultPort), (error) => {
    if (error && !attempt.isOver()) failBySocket(attempt, error);
  });
}

function endBy({ check, attempt, seen, note = "" }: Exchange, verdict: Verdict, isFound: boolean): void {
  if (verdict.kind !== "answer") attempt.bad(verdict.kind, verdict.text, seen);
  else if (!isWanted(check.statuses, verdict.status)) attempt.bad("unhealthy", `status ${verdict.status}`, seen);
  else if (isFound) attempt.good(`status ${verdict.status}${note}`, seen);
  else {
    const where = verdict.isWhole ? "the answer" : `its first ${check.bodyBytesMax} bytes`;
    attempt.bad("unhealthy", `status ${verdict.status}, the text is not in ${where}`, seen);
  }
}

function isWanted(statuses: readonly string[], status: number): boolean {
  return statuses.some((range) => {
    const [from = "", to = from] = range.split("-");
    return status >= Number(from) && status <= Number(to);
  });
}
