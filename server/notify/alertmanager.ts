/**
 * Alertmanager's own API, version 2. An alert is its labels: a problem and its end have the same ones. Alertmanager takes an alert for over
 * at its `endsAt`, so a problem is told again each minute with an end a few minutes ahead; when we are gone, it ends by itself.
 */
import { type NoticeLine, noteLastsMs } from "../core/notify/notice.ts";
import type { Result } from "../core/result.ts";
import { httpPost } from "./http-post.ts";
import { linkOf, type Parcel } from "./parcel.ts";

const alertsPath = "/api/v2/alerts";
const severities = { problem: "critical", resolved: "critical", note: "info" } as const;

export async function sendAlerts(parcel: Parcel): Promise<Result<string, string>> {
  const { settings, secrets, notice, allowed, deadlineMs } = parcel;
  if (settings.kind !== "alertmanager") return { ok: false, error: "It is no Alertmanager" };
  const body = JSON.stringify(notice.lines.map((line) => alertOf(line, parcel)));
  const url = settings.url.replace(/\/+$/, "") + alertsPath;
  const headers: Record<string, string> = secrets.bearer ? { authorization: `Bearer ${secrets.bearer}` } : {};
  return httpPost({ url, body, headers, allowed, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
}

function alertOf(line: NoticeLine, parcel: Parcel) {
  const { balancer, nowMs } = parcel;
  const ends = { problem: nowMs + noteLastsMs, resolved: Math.max(line.at, line.sinceMs), note: nowMs + noteLastsMs };
  return {
    labels: {
      alertname: nameOf(line),
      balancer,
      severity: severities[line.status],
      ...(line.farm === null ? {} : { farm: line.farm.name }),
      ...(line.backend === null ? {} : { backend: line.backend }),
    },
    annotations: { summary: line.text },
    startsAt: new Date(line.sinceMs).toISOString(),
    endsAt: new Date(ends[line.status]).toISOString(),
    generatorURL: linkOf(parcel, line.farm),
  };
}

function nameOf({ kind, incident }: NoticeLine): string {
  // of an incident it is the agent that is lost, else the agent says it of its prober
  if (incident === null && (kind === "lost" || kind === "back")) return "SluiceProberLost";
  if (incident !== null) return kind === "up" || kind === "down" ? "SluiceBackendDown" : "SluiceAgentLost";
  return `Sluice${kind
    .split("-")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("")}`;
}
