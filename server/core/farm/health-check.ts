/**
 * How a backend is asked whether it works: one shape for each kind of check, with its bounds and defaults. Times in milliseconds.
 * `port` null asks where the farm's traffic goes: the backend's own port, or the first port of the farm.
 */
import * as z from "zod/mini";
import type { Issue } from "../result.ts";
import { joinPath } from "./issues.ts";
import { limits } from "./limits.ts";
import type { Farm } from "./types.ts";

const milliseconds = (from: number, to: number) =>
  z
    .int("A time is a whole number of milliseconds")
    .check(z.gte(from, `At least ${from} ms`), z.lte(to, `At most ${to} ms`));

const inRow = z.int("A whole number from 1 to 100").check(z.gte(1, "At least 1"), z.lte(100, "At most 100"));

const portText = "A port is a whole number from 1 to 65,535";
const port = z.int(portText).check(z.gte(1, portText), z.lte(limits.portMax, portText));

const printable = (max: number, what: string) =>
  z
    .string(`${what} is text`)
    .check(z.maxLength(max, `At most ${max} characters`), z.regex(/^[\x20-\x7e]*$/, `${what} is printable ASCII`));

const timing = {
  /** between the starts of two checks of one backend */
  intervalMs: z._default(milliseconds(100, 3_600_000), 2000),
  /** between two checks while a state is changing; null = intervalMs */
  fastIntervalMs: z._default(z.nullable(milliseconds(100, 3_600_000)), null),
  timeoutMs: z._default(milliseconds(50, 60_000), 1000),
  /** good results in a row until a backend is up */
  rise: z._default(inRow, 2),
  /** bad results in a row until it is down */
  fall: z._default(inRow, 3),
};
const place = { port: z._default(z.nullable(port), null) };

const hostName = printable(253, "A host name").check(
  z.regex(/^[A-Za-z0-9._:[\]-]*$/, "A host name has letters, digits, dots and hyphens"),
);
const daysText = "A whole number of days from 0 to 365";
const days = z.int(daysText).check(z.gte(0, daysText), z.lte(365, daysText));

const tlsParts = {
  /** sent as SNI and compared with the certificate; null = none is sent */
  serverName: z._default(z.nullable(hostName), null),
  /** degraded when the certificate ends sooner; 0 = never */
  warnDays: z._default(days, 14),
  /** the certificate must be valid for the name and come from a known authority */
  verify: z._default(z.boolean("verify is true or false"), false),
};

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
const headers = z
  .array(
    z.strictObject({
      name: z.string().check(z.regex(headerName, "Not a header name")),
      value: printable(512, "A header"),
    }),
  )
  .check(z.maxLength(16, "At most 16 headers"));
const statusText = 'A status is a number or a range from 100 to 599, as "200-399"';
const statuses = z
  .array(z.string(statusText).check(z.regex(/^[1-5][0-9]{2}(-[1-5][0-9]{2})?$/, statusText)))
  .check(z.minLength(1, "At least one status"), z.maxLength(16, "At most 16 entries"));

const httpParts = {
  method: z._default(z.enum(["GET", "HEAD", "OPTIONS"], "A method is GET, HEAD or OPTIONS"), "GET"),
  path: z._default(
    printable(1024, "A path").check(z.regex(/^\/[^\s]*$/, "A path begins with / and has no spaces")),
    "/",
  ),
  /** of the Host header; null = the backend's address */
  host: z._default(z.nullable(hostName), null),
  headers: z._default(headers, []),
  statuses: z._default(statuses, ["200-399"]),
  /** must stand in the first `bodyBytesMax` bytes of the answer; null = the body is not read */
  text: z._default(z.nullable(printable(256, "The text")), null),
  bodyBytesMax: z._default(
    z.int().check(z.gte(1, "At least 1 byte"), z.lte(1_048_576, "At most 1,048,576 bytes")),
    65_536,
  ),
};

export const healthCheckSchema = z.discriminatedUnion(
  "type",
  [
    /** ICMP echo */
    z.strictObject({ type: z.literal("ping"), ...timing }),
    /** a TCP connection is opened and reset */
    z.strictObject({ type: z.literal("tcp"), ...timing, ...place }),
    /** a TLS handshake */
    z.strictObject({ type: z.literal("tls"), ...timing, ...place, ...tlsParts }),
    /** a request of HTTP/1.1; redirects are not followed */
    z.strictObject({ type: z.literal("http"), ...timing, ...place, ...httpParts }),
    z.strictObject({ type: z.literal("https"), ...timing, ...place, ...httpParts, ...tlsParts }),
    /** a datagram; "port unreachable" is down, silence is up unless an answer is expected */
    z.strictObject({
      type: z.literal("udp"),
      ...timing,
      ...place,
      payload: z._default(printable(512, "The payload"), "sluice"),
      expect: z._default(z.nullable(printable(256, "The answer")), null),
    }),
    z.strictObject({
      type: z.literal("dns"),
      ...timing,
      ...place,
      name: z._default(hostName, "."),
      recordType: z._default(
        z.enum(["A", "AAAA", "NS", "SOA", "MX", "TXT"], "Not a record type that can be asked for"),
        "SOA",
      ),
    }),
    /** grpc.health.v1.Health/Check; service "" = the server as a whole */
    z.strictObject({
      type: z.literal("grpc"),
      ...timing,
      ...place,
      service: z._default(printable(256, "A service"), ""),
      tls: z._default(z.boolean("tls is true or false"), false),
    }),
    /** HAProxy's agent-check: one line of text such as `up 75%`, on a port of its own */
    z.strictObject({
      type: z.literal("agent"),
      ...timing,
      port: z.int(portText).check(z.gte(1, portText), z.lte(limits.portMax, portText)),
    }),
    /** an executable of the host's check directory, by name; it gets address and port as arguments, 0 = up */
    z.strictObject({
      type: z.literal("external"),
      ...timing,
      ...place,
      command: z
        .string("A command is a name")
        .check(z.regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "A command is the name of a file in the host's check directory")),
    }),
  ],
  "A check is ping, tcp, tls, http, https, udp, dns, grpc, agent or external",
);

export type HealthCheck = z.output<typeof healthCheckSchema>;
export type CheckType = HealthCheck["type"];

/** What takes more than one field of a check. Paths as in `healthCheck.timeoutMs` and `backends[1].healthCheck.port`. */
export function healthCheckIssues(farm: Farm): Issue[] {
  return [
    ...ownIssues(farm.healthCheck, "healthCheck"),
    ...farm.backends.flatMap(({ healthCheck }, at) =>
      ownIssues(healthCheck, `${joinPath("backends", at)}.healthCheck`),
    ),
    ...portIssues(farm),
  ];
}

/** The check of one backend: its own, else the farm's; null = it is not checked. */
export function checkOf(farm: Pick<Farm, "healthCheck" | "backends">, at: number): HealthCheck | null {
  return farm.backends[at]?.healthCheck ?? farm.healthCheck;
}

/** Where a check of this backend goes; null = a ping, which has no port, or there is none to ask. */
export function checkPort(farm: Pick<Farm, "healthCheck" | "backends" | "ports">, at: number): number | null {
  const check = checkOf(farm, at);
  if (check === null || check.type === "ping") return null;
  const [first] = farm.ports;
  return check.port ?? farm.backends[at]?.port ?? (first === undefined ? null : Number(String(first).split("-")[0]));
}

function ownIssues(check: HealthCheck | null, path: string): Issue[] {
  if (check === null) return [];
  const issues: Issue[] = [];
  if (check.fastIntervalMs !== null && check.fastIntervalMs > check.intervalMs)
    issues.push({ path: `${path}.fastIntervalMs`, message: "The fast interval is at most the interval" });
  for (const [at, status] of "statuses" in check ? check.statuses.entries() : [])
    if (isBackwards(status))
      issues.push({ path: joinPath(`${path}.statuses`, at), message: `${status} ends before it begins` });
  return issues;
}

function isBackwards(range: string): boolean {
  const [from, to] = range.split("-").map(Number);
  return to !== undefined && from !== undefined && to < from;
}

/** A farm of every port says nowhere what to ask, unless check or backend names a port. */
function portIssues(farm: Farm): Issue[] {
  return farm.backends.flatMap((backend, at) => {
    const check = checkOf(farm, at);
    if (check === null || check.type === "ping" || checkPort(farm, at) !== null) return [];
    const path = backend.healthCheck === null ? "healthCheck.port" : `${joinPath("backends", at)}.healthCheck.port`;
    return at > 0 &&
      path === "healthCheck.port" &&
      farm.backends.slice(0, at).some(({ port, healthCheck }) => port === null && healthCheck === null)
      ? []
      : [{ path, message: "The farm takes every port: the check needs one of its own" }];
  });
}
