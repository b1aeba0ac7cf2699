/**
 * A TLS handshake: how far the certificate is from its end, and, where asked, whether it is valid for the name and from a known authority.
 * No session is resumed, so each check sees the whole handshake. The certificate is judged here and not by the socket, so that one
 * that is not verified still says how long it lasts.
 */
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import type { HealthCheck } from "../../core/farm/health-check.ts";
import { type Attempt, type Done, failBySocket, type Place, type Seen } from "../attempt.ts";
import { type Opened, openSocket } from "./tcp.ts";

export type TlsAsked = Pick<Extract<HealthCheck, { type: "tls" | "https" }>, "serverName" | "warnDays" | "verify">;

/** What verifying needs; made once, for reading the authorities takes a while. */
export type Authorities = { readonly context: () => tls.SecureContext };

export function createAuthorities(file: string | null): Authorities {
  let context: tls.SecureContext | null = null;
  return {
    context() {
      context ??= tls.createSecureContext({ ca: file === null ? undefined : read(file) });
      return context;
    },
  };
}

/** Without the host's own file, those that Node brings are better than no check at all. */
function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

export function checkTls(asked: TlsAsked, place: Place, authorities: Authorities, done: Done): void {
  openTls({ asked, place, authorities, protocols: [], done }, ({ attempt, seen, note }) => attempt.good(note, seen));
}

export type OpenTls = {
  readonly asked: TlsAsked;
  readonly place: Place;
  readonly authorities: Authorities;
  readonly protocols: readonly string[];
  readonly done: Done;
};
export type Secured = {
  readonly over: Opened["over"];
  readonly stream: tls.TLSSocket;
  readonly attempt: Attempt;
  readonly seen: Seen;
  /** about the certificate, in words; "" = all is well */
  readonly note: string;
};

/** Connects and shakes hands; `onSecure` comes only when the certificate is good enough. */
export function openTls(
  { asked, place, authorities, protocols, done }: OpenTls,
  onSecure: (to: Secured) => void,
): void {
  const opened = openSocket(place, done, () => {
    const { socket, attempt } = opened;
    const name = asked.serverName;
    const stream = tls.connect({
      socket,
      secureContext: authorities.context(),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ALPNProtocols: [...protocols],
      // an address is no name that may be sent
      ...(name === null || net.isIP(name) !== 0 ? {} : { servername: name }),
    });
    opened.over.push(stream);
    stream.on("error", (error) => failByTls(attempt, error));
    stream.once("close", () => {
      if (!attempt.isOver()) attempt.bad("closed", "closed during the TLS handshake");
    });
    stream.once("secureConnect", () => {
      if (attempt.isOver()) return;
      const { seen, note, problem } = judgeCertificate(stream, asked);
      if (problem !== null) attempt.bad("tls", problem, seen);
      else onSecure({ stream, attempt, over: opened.over, seen, note });
    });
  });
}

type Judgement = { readonly seen: Seen; readonly note: string; readonly problem: string | null };

function judgeCertificate(stream: tls.TLSSocket, { serverName, warnDays, verify }: TlsAsked): Judgement {
  const certificate = stream.getPeerCertificate();
  const days = daysLeft(certificate.valid_to);
  if (days === null) return { seen: {}, note: "", problem: verify ? "no certificate was sent" : null };
  const isSoon = warnDays > 0 && days < warnDays;
  const seen: Seen = { certificateDays: days, ...(isSoon ? { degraded: true } : {}) };
  const lasting = lastingText(days);
  const note = isSoon ? lasting : "";
  if (!verify) return { seen, note, problem: null };
  const reason = String(stream.authorizationError ?? "");
  if (reason !== "") return { seen, note, problem: days < 0 ? lasting : chainProblem(reason) };
  const isOther = serverName !== null && tls.checkServerIdentity(serverName, certificate) !== undefined;
  return { seen, note, problem: isOther ? "the certificate is for another name" : null };
}

const dayMs = 86_400_000;

function daysLeft(validTo: string | undefined): number | null {
  const endMs = Date.parse(validTo ?? "");
  return Number.isNaN(endMs) ? null : Math.floor((endMs - Date.now()) / dayMs);
}

/** `days` is rounded down: -1 is a certificate that ended within the last day. */
function lastingText(days: number): string {
  if (days >= 0) return `certificate ends in ${inDays(days)}`;
  return days === -1 ? "certificate expired today" : `certificate expired ${inDays(-days - 1)} ago`;
}

function inDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

const chainProblems: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "a certificate of its chain has expired",
  CERT_NOT_YET_VALID: "the certificate is not valid yet",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "the certificate comes from an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT: "the certificate comes from an unknown authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate comes from an unknown authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate comes from an unknown authority",
  CERT_REVOKED: "the certificate was revoked",
};

function chainProblem(reason: string): string {
  return chainProblems[reason] ?? "the certificate is not valid";
}

/** OpenSSL's reasons are a closed list of words; nothing of what was sent is in them. */
function failByTls(attempt: Attempt, error: Error): void {
  const code = "code" in error ? String(error.code) : "";
  const reason = /^ERR_(?:SSL|TLS)_([A-Z0-9_]{1,60})$/.exec(code)?.[1];
  if (reason !== undefined || code === "EPROTO")
    attempt.bad(
      "tls",
      `the TLS handshake failed${reason === undefined ? "" : ` (${reason.toLowerCase().replaceAll("_", " ")})`}`,
    );
  else failBySocket(attempt, error);
}
