/** A notification target as its form holds it, texts as they are typed, and what is sent of it. Pure. */
import {
  defaultKinds,
  type NotifyKind,
  type TargetInput,
  type TargetKind,
  type TargetSettings,
  type TargetView,
} from "@/server/core/notify/target.ts";

export type FarmName = { readonly id: string; readonly name: string };

/** null = what is kept goes away */
export type SecretText = string | null;

export type TargetDraft = {
  readonly id: string | null;
  readonly name: string;
  readonly kind: TargetKind;
  readonly isEnabled: boolean;
  readonly url: SecretText;
  readonly bearer: SecretText;
  readonly hmac: SecretText;
  readonly password: SecretText;
  readonly host: string;
  readonly port: string;
  readonly security: "starttls" | "tls" | "none";
  readonly user: string;
  readonly from: string;
  readonly to: string;
  readonly alertmanagerUrl: string;
  readonly kinds: readonly NotifyKind[];
  readonly farms: string;
  readonly tags: string;
  readonly groupS: string;
  readonly repeatMin: string;
};

const empty: TargetDraft = {
  ...{ id: null, name: "", kind: "webhook", isEnabled: true, url: "", bearer: "", hmac: "", password: "" },
  ...{ host: "", port: "587", security: "starttls", user: "", from: "", to: "", alertmanagerUrl: "" },
  ...{ kinds: defaultKinds, farms: "", tags: "", groupS: "10", repeatMin: "" },
};

export function draftOf(target: TargetView | null, farms: readonly FarmName[]): TargetDraft {
  if (target === null) return empty;
  const { id, name, isEnabled, settings, filter, groupS, repeatS } = target;
  const names = new Map(farms.map((farm) => [farm.id, farm.name]));
  return {
    ...empty,
    ...{ id, name, isEnabled, kind: settings.kind, ...settingsDraft(settings) },
    kinds: filter.kinds,
    farms: filter.farmIds.map((farmId) => names.get(farmId) ?? farmId).join(", "),
    tags: filter.tags.join(", "),
    groupS: String(groupS),
    repeatMin: repeatS === null ? "" : String(repeatS / 60),
  };
}

function settingsDraft(settings: TargetSettings): Partial<TargetDraft> {
  if (settings.kind === "webhook") return {};
  if (settings.kind === "alertmanager") return { alertmanagerUrl: settings.url };
  const { host, port, security, user, from, to } = settings;
  return { host, port: String(port), security, user, from, to: to.join(", ") };
}

/** What is sent, or the names of farms that there are not. */
export function inputOf(draft: TargetDraft, farms: readonly FarmName[]): TargetInput | { readonly unknown: string[] } {
  const ids = new Map(farms.flatMap(({ id, name }) => [[name, id] as const, [id, id] as const]));
  const asked = listOf(draft.farms);
  const unknown = asked.filter((name) => !ids.has(name));
  if (unknown.length > 0) return { unknown };
  const { id, name, isEnabled, kinds, groupS, repeatMin } = draft;
  return {
    ...{ id, name, isEnabled, settings: settingsOf(draft), secrets: secretsOf(draft) },
    filter: { kinds: [...kinds], farmIds: asked.map((each) => ids.get(each) ?? each), tags: listOf(draft.tags) },
    groupS: numberOf(groupS),
    repeatS: repeatMin.trim() === "" ? null : numberOf(repeatMin) * 60,
  };
}

/** A field's place in the form for the path that the server names. */
export function fieldOf(path: string): string {
  const [first = "", second = ""] = path.split(".");
  if (first === "settings" && second === "url") return "alertmanagerUrl";
  if (first === "filter") return second === "farmIds" ? "farms" : second;
  if (first === "repeatS") return "repeatMin";
  return first === "settings" || first === "secrets" ? second : first;
}

function settingsOf(draft: TargetDraft): TargetSettings {
  if (draft.kind === "webhook") return { kind: "webhook", origin: "" };
  if (draft.kind === "alertmanager") return { kind: "alertmanager", url: draft.alertmanagerUrl.trim() };
  const { security, user } = draft;
  const [host, from] = [draft.host.trim(), draft.from.trim()];
  return { kind: "smtp", host, port: numberOf(draft.port), security, user: user.trim(), from, to: listOf(draft.to) };
}

const secretsOfKind = { webhook: ["url", "bearer", "hmac"], smtp: ["password"], alertmanager: ["bearer"] } as const;

/** Not typed: as it is. */
function secretsOf(draft: TargetDraft): TargetInput["secrets"] {
  const typed = secretsOfKind[draft.kind].filter((name) => draft[name] !== "");
  return Object.fromEntries(typed.map((name) => [name, draft[name]?.trim() ?? ""]));
}

function listOf(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

/** What is no number is refused by the server at its field. */
function numberOf(text: string): number {
  return /^[0-9]+$/.test(text.trim()) ? Number(text) : -1;
}
