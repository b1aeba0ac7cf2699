/** A health check as typed in the form, and its way to and from the farm document. Which fields a kind of check has is the schema's to say. */
import * as z from "zod/mini";
import { type CheckType, type HealthCheck, healthCheckSchema } from "@/server/core/farm/health-check.ts";
import { numberOf } from "./sticky-draft.ts";

const numbers = ["intervalMs", "timeoutMs", "rise", "fall", "warnDays", "bodyBytesMax"] as const;
/** an empty box is null */
const openNumbers = ["fastIntervalMs", "port"] as const;
const openTexts = ["serverName", "host", "text", "expect"] as const;
const texts = ["method", "path", "headers", "statuses", "payload", "name", "recordType", "service", "command"] as const;

export type CheckText = (typeof numbers | typeof openNumbers | typeof openTexts | typeof texts)[number];
export type CheckFlag = "verify" | "tls";

/** One box for each field of any kind, so that going through the kinds loses nothing. */
export type CheckDraft = Readonly<Record<CheckText, string>> &
  Readonly<Record<CheckFlag, boolean>> & {
    /** "none": no check; of a backend, as the farm */
    readonly type: "none" | CheckType;
  };

const keysByType = new Map<string, readonly string[]>(
  healthCheckSchema.def.options.map(({ shape }) => [shape.type.def.values[0] ?? "", Object.keys(shape)]),
);

export const checkTypes = [...keysByType.keys()] as readonly CheckType[];

export function hasField(type: CheckDraft["type"], key: CheckText | CheckFlag): boolean {
  return keysByType.get(type)?.includes(key) ?? false;
}

const blank = Object.fromEntries([...numbers, ...openNumbers, ...openTexts, ...texts].map((key) => [key, ""]));
const usual = checkTypes.flatMap((type) => {
  const parsed = healthCheckSchema.safeParse({ type });
  return parsed.success ? [textsOf(parsed.data)] : [];
});

/** The schema's defaults, of every kind at once. */
export const emptyCheck: CheckDraft = Object.assign({ verify: false, tls: false }, blank, ...usual, { type: "none" });

export const checkDraftSchema = z.strictObject({
  type: z.enum(["none", ...checkTypes]),
  ...(Object.fromEntries(Object.keys(blank).map((key) => [key, z.string()])) as Record<
    CheckText,
    z.ZodMiniString<string>
  >),
  verify: z.boolean(),
  tls: z.boolean(),
});

export function draftOfCheck(check: HealthCheck | null): CheckDraft {
  return check === null ? emptyCheck : { ...emptyCheck, ...textsOf(check), type: check.type };
}

export function checkOfDraft(draft: CheckDraft): Record<string, unknown> | null {
  const { type } = draft;
  if (type === "none") return null;
  const keys = (keysByType.get(type) ?? []).filter((key) => key !== "type") as readonly (CheckText | CheckFlag)[];
  return { type, ...Object.fromEntries(keys.map((key) => [key, boxValue(draft, key)])) };
}

/** The check as if each box were right: so that a choice is judged by itself. */
export function standInCheck({ type }: Pick<CheckDraft, "type">): Record<string, unknown> | null {
  return checkOfDraft({ ...emptyCheck, type, port: "80", command: "check" });
}

/** An issue of the n-th entry of a list, said at its line of the box. */
export function checkMessage(draft: CheckDraft, path: string, message: string): string {
  const [, at] = /^healthCheck\.headers\[([0-9]+)\]/.exec(path) ?? [];
  const line = at === undefined ? undefined : headerLines(draft.headers)[Number(at)]?.line;
  return line === undefined ? message : `Line ${line}: ${message}`;
}

function boxValue(draft: CheckDraft, key: CheckText | CheckFlag): unknown {
  const value = draft[key];
  if (typeof value === "boolean") return value;
  if (key === "headers") return headerLines(value).map(({ name, value: text }) => ({ name, value: text }));
  if (key === "statuses") return value.split(/[\s,;]+/).filter((word) => word !== "");
  if (isOneOf(openNumbers, key)) return value.trim() === "" ? null : numberOf(value);
  if (isOneOf(numbers, key)) return numberOf(value);
  if (isOneOf(openTexts, key)) return value === "" ? null : value;
  return key === "payload" || key === "service" ? value : value.trim();
}

function textsOf(check: HealthCheck): Partial<CheckDraft> {
  return Object.fromEntries(
    Object.entries(check).flatMap(([key, value]) => {
      if (key === "type") return [];
      if (key === "headers" && Array.isArray(value)) return [[key, headersText(value)]];
      if (Array.isArray(value)) return [[key, value.join(", ")]];
      return [[key, typeof value === "boolean" ? value : value === null ? "" : String(value)]];
    }),
  );
}

type Header = Extract<HealthCheck, { type: "http" }>["headers"][number];

function headersText(headers: readonly unknown[]): string {
  return (headers as readonly Header[]).map(({ name, value }) => `${name}: ${value}`).join("\n");
}

/** A line without a colon is no header: its empty name is refused. */
function headerLines(text: string): (Header & { readonly line: number })[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const at = line.indexOf(":");
    return [{ name: at < 0 ? "" : line.slice(0, at).trim(), value: line.slice(at + 1).trim(), line: index + 1 }];
  });
}

function isOneOf(list: readonly string[], key: string): boolean {
  return list.includes(key);
}
