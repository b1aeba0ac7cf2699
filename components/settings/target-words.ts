import type { TargetKind, TargetView } from "@/server/core/notify/target.ts";

export const kindTexts: Readonly<Record<TargetKind, string>> = {
  webhook: "Webhook",
  smtp: "Mail",
  alertmanager: "Alertmanager",
};

/** Where it goes, without anything secret. */
export function placeText({ settings }: Pick<TargetView, "settings">): string {
  if (settings.kind === "webhook") return `${settings.origin}/...`;
  if (settings.kind === "alertmanager") return settings.url;
  const [first = "", ...more] = settings.to;
  return `${first}${more.length > 0 ? ` and ${more.length} more` : ""}, by ${settings.host}`;
}
