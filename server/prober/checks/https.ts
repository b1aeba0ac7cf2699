/** A request of HTTP/1.1 over TLS. */
import type { HealthCheck } from "../../core/farm/health-check.ts";
import type { Done, Place } from "../attempt.ts";
import { exchange } from "./http.ts";
import { type Authorities, openTls } from "./tls.ts";

const httpsPort = 443;

export type HttpsCheck = Extract<HealthCheck, { type: "https" }>;

export function checkHttps(check: HttpsCheck, place: Place, authorities: Authorities, done: Done): void {
  openTls({ asked: check, place, authorities, protocols: ["http/1.1"], done }, ({ stream, attempt, seen, note }) =>
    exchange({
      check,
      place,
      defaultPort: httpsPort,
      stream,
      attempt,
      seen,
      ...(note === "" ? {} : { note: `, ${note}` }),
    }),
  );
}
