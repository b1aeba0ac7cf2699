/**
 * Who is told of events, and of which: the target as people enter it, and as it is kept. Secrets (an address with its path, tokens,
 * passwords) only go in: what a page reads never holds them. Times are epoch milliseconds unless their name ends with S (seconds).
 */
import * as z from "zod/mini";
import { limits } from "../farm/limits.ts";
import { liveEventKinds } from "../metrics/live.ts";
import type { Progress } from "./progress.ts";

export const notifyKinds = [...liveEventKinds, "notify", "sign-in", "people"] as const;
export type NotifyKind = (typeof notifyKinds)[number];
export const targetKinds = ["webhook", "smtp", "alertmanager"] as const;
export type TargetKind = (typeof targetKinds)[number];

/** What a new target is told of. */
export const defaultKinds: readonly NotifyKind[] = [
  "up",
  "down",
  "health",
  "lost",
  "back",
  "drift",
  "limit",
  "prober",
  "agent",
  "notify",
];
/** What somebody should have been told of. */
export const importantKinds: readonly NotifyKind[] = ["down", "lost", "drift", "limit", "prober", "agent"];
export const targetsMax = 50;

const httpAddress = z
  .string()
  .check(
    z.maxLength(2000, "At most 2,000 characters"),
    z.regex(/^https?:\/\/[^\s/@?#]+(\/\S*)?$/i, "An address looks like https://host/path, without a user name"),
  );
const mailAddress = z
  .string()
  .check(z.maxLength(254), z.regex(/^[^\s@<>,;"\\]+@[^\s@<>,;"\\]+$/, "An address looks like ops@example.net"));

/** `origin` is what the page shows of a webhook's address; the whole of it often is a secret. */
const webhookSettings = z.strictObject({ kind: z.literal("webhook"), origin: z._default(z.string(), "") });
const smtpSettings = z.strictObject({
  kind: z.literal("smtp"),
  host: z.string().check(z.regex(/^[a-z0-9.:-]{1,253}$/i, "The name or address of the mail server is needed")),
  port: z.int("A port is 1 to 65535").check(z.gte(1, "A port is 1 to 65535"), z.lte(65_535, "A port is 1 to 65535")),
  /** starttls: refused by us when the server does not offer it */
  security: z.enum(["starttls", "tls", "none"]),
  user: z.string().check(z.maxLength(200, "At most 200 characters")),
  from: mailAddress,
  to: z.array(mailAddress).check(z.minLength(1, "Somebody must get the mail"), z.maxLength(20, "At most 20 addresses")),
});
const alertmanagerSettings = z.strictObject({ kind: z.literal("alertmanager"), url: httpAddress });

export const targetSettingsSchema = z.discriminatedUnion("kind", [webhookSettings, smtpSettings, alertmanagerSettings]);
export type TargetSettings = z.output<typeof targetSettingsSchema>;

const secret = z.optional(z.string().check(z.maxLength(2000, "At most 2,000 characters"), z.regex(/^[^\r\n]*$/)));
/** absent = stays as it is, "" = there is none any more */
const secretsInputSchema = z.strictObject({ url: secret, bearer: secret, hmac: secret, password: secret });
export const targetSecretsSchema = secretsInputSchema;
export type TargetSecrets = z.output<typeof targetSecretsSchema>;
export const secretNames = ["url", "bearer", "hmac", "password"] as const;

/** Farms and tags: a farm that is named or has one of the tags. Both empty: every farm, and what concerns no single farm. */
export const targetFilterSchema = z.strictObject({
  kinds: z.array(z.enum(notifyKinds)).check(z.minLength(1, "At least one kind of event")),
  farmIds: z.array(z.string().check(z.maxLength(64))).check(z.maxLength(500, "At most 500 farms")),
  tags: z
    .array(z.string().check(z.minLength(1), z.maxLength(limits.nameLengthMax)))
    .check(z.maxLength(50, "At most 50 tags")),
});
export type TargetFilter = z.output<typeof targetFilterSchema>;

export const targetInputSchema = z.strictObject({
  /** null = a new one */
  id: z.nullable(z.string().check(z.maxLength(64))),
  name: z.string().check(z.trim(), z.minLength(1, "A name is needed"), z.maxLength(60, "At most 60 characters")),
  settings: targetSettingsSchema,
  secrets: secretsInputSchema,
  filter: targetFilterSchema,
  isEnabled: z.boolean(),
  /** how long more is waited for, so that one message tells all of it */
  groupS: z.int("Whole seconds").check(z.gte(0, "0 to 3,600 s"), z.lte(3600, "0 to 3,600 s")),
  /** a problem that lasts is told again this often; null = once */
  repeatS: z.nullable(
    z
      .int("Whole seconds")
      .check(z.gte(300, "Five minutes to seven days"), z.lte(604_800, "Five minutes to seven days")),
  ),
});
export type TargetInput = z.output<typeof targetInputSchema>;

/** As it is kept; `sealed` holds the secrets so that only the web process reads them. */
export type Target = Omit<TargetInput, "secrets"> & {
  readonly id: string;
  readonly sealed: string | null;
  /** id of the last event that was told, or was not for this target */
  readonly cursor: number;
  readonly progress: Progress;
  readonly delivery: Delivery;
};

type Delivery = {
  /** failed in a row */
  readonly attempts: number;
  readonly nextAt: number | null;
  readonly lastOkAt: number | null;
  readonly lastErrorAt: number | null;
  readonly lastError: string | null;
};

/** As the settings page shows it. */
export type TargetView = Omit<TargetInput, "secrets"> & {
  readonly id: string;
  readonly delivery: Delivery;
  /** names of the secrets that are kept */
  readonly has: readonly (typeof secretNames)[number][];
  /** events that wait to be told; `more`: there are more than were counted */
  readonly waiting: { readonly events: number; readonly isMore: boolean; readonly oldestAt: number | null };
};
