/** Health checks as the form offers them: kinds, ready-made ones, paces, and what they come to in a sentence. Pure. */
import type { CheckDraft, CheckText } from "./check-draft.ts";
import { emptyCheck } from "./check-draft.ts";

type Choice<T> = { readonly value: T; readonly label: string; readonly hint: string };

const kinds: readonly Choice<Exclude<CheckDraft["type"], "none">>[] = [
  { value: "tcp", label: "TCP connect", hint: "Good when a connection is taken. Nothing is sent." },
  { value: "http", label: "HTTP", hint: "Good when a request is answered with one of the statuses." },
  { value: "https", label: "HTTPS", hint: "As HTTP, through TLS; the certificate's end is watched." },
  { value: "tls", label: "TLS handshake", hint: "Good when the handshake is done; the certificate's end is watched." },
  { value: "ping", label: "Ping", hint: "Good when the host answers. Says nothing of the service on it." },
  {
    value: "udp",
    label: "UDP",
    hint: "Down when the host says that nobody listens. Silence is good, unless an answer is expected.",
  },
  { value: "dns", label: "DNS query", hint: "Good when the name server answers the question." },
  { value: "grpc", label: "gRPC health", hint: "Good when grpc.health.v1 says SERVING." },
  {
    value: "agent",
    label: "HAProxy agent-check",
    hint: "A line of text from a port of its own, such as up 75 %; it may ask for drain or maintenance.",
  },
  {
    value: "external",
    label: "Program on the balancer",
    hint: "A program of the host's check directory; exit code 0 is good. It runs without rights of its own.",
  },
];

export const farmChecks: readonly Choice<CheckDraft["type"]>[] = [
  {
    value: "none",
    label: "No check",
    hint: "Nobody is asked. Every backend gets its share whether it answers or not, and none is ever called Up.",
  },
  ...kinds,
];

export const backendChecks: readonly Choice<CheckDraft["type"]>[] = [
  { value: "none", label: "As the farm", hint: "Asked as the farm's other backends are." },
  ...kinds,
];

type Preset = { readonly label: string; readonly patch: Partial<CheckDraft> };

/** Each keeps the pace that is set. */
export const presets: readonly Preset[] = [
  { label: "TCP", patch: { type: "tcp" } },
  { label: "HTTP", patch: { type: "http" } },
  { label: "HTTP /health, 200", patch: { type: "http", path: "/health", statuses: "200" } },
  { label: "HTTPS", patch: { type: "https" } },
  { label: "Ping", patch: { type: "ping" } },
  { label: "DNS", patch: { type: "dns" } },
  { label: "gRPC", patch: { type: "grpc" } },
];

export function withPreset(old: CheckDraft, { patch }: Preset): CheckDraft {
  const { intervalMs, fastIntervalMs, timeoutMs, rise, fall } = old;
  return { ...emptyCheck, intervalMs, fastIntervalMs, timeoutMs, rise, fall, ...patch };
}

type Pace = { readonly label: string; readonly patch: Partial<Record<CheckText, string>> };

export const paces: readonly Pace[] = [
  { label: "Fast", patch: { intervalMs: "1000", fastIntervalMs: "250", timeoutMs: "500", rise: "2", fall: "2" } },
  { label: "Usual", patch: { intervalMs: "2000", fastIntervalMs: "", timeoutMs: "1000", rise: "2", fall: "3" } },
  { label: "Gentle", patch: { intervalMs: "10000", fastIntervalMs: "2000", timeoutMs: "3000", rise: "2", fall: "3" } },
];

/** How long it takes until a state changes, at most; null while the boxes hold no numbers. */
export function paceText(draft: CheckDraft): string | null {
  const [interval, timeout, rise, fall] = [draft.intervalMs, draft.timeoutMs, draft.rise, draft.fall].map(Number);
  const fast = draft.fastIntervalMs.trim() === "" ? interval : Number(draft.fastIntervalMs);
  if (interval === undefined || timeout === undefined || rise === undefined || fall === undefined || fast === undefined)
    return null;
  const downMs = interval + (fall - 1) * fast + timeout;
  const upMs = interval + (rise - 1) * fast;
  if (!(downMs > 0 && upMs > 0 && timeout > 0 && rise > 0 && fall > 0)) return null;
  return `A backend that stops answering is Down after ${secondsText(downMs)} at most, and Up again ${secondsText(upMs)} after it answers.`;
}

/** What is set, in a line. */
export function checkSummary(draft: CheckDraft): string {
  const label = kinds.find(({ value }) => value === draft.type)?.label;
  if (label === undefined) return "None: backends are not checked";
  const every = Number(draft.intervalMs);
  const pace = every > 0 ? `, every ${secondsText(every)}` : "";
  return `${label}${targetText(draft)}${pace}`;
}

/** One line for a comparison of two drafts. */
export function checkText(draft: CheckDraft): string {
  if (draft.type === "none") return "none";
  const { timeoutMs, rise, fall } = draft;
  return `${checkSummary(draft)}, timeout ${timeoutMs} ms, rise ${rise}, fall ${fall}`;
}

function targetText({ type, method, path, service, name, recordType, command, port }: CheckDraft): string {
  const at = port.trim() === "" || type === "ping" ? "" : ` at port ${port.trim()}`;
  if (type === "http" || type === "https") return ` ${method} ${path.trim()}${at}`;
  if (type === "dns") return ` ${name} ${recordType}${at}`;
  if (type === "grpc" && service !== "") return ` ${service}${at}`;
  return type === "external" ? ` ${command}${at}` : at;
}

function secondsText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toLocaleString("en-US", { maximumFractionDigits: 1 })} s`;
}
