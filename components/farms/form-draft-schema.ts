/** A farm form as kept in the browser between reloads: parsed again, since anybody may have written there. */
import * as z from "zod/mini";
import { farmSchema } from "@/server/core/farm/schema.ts";
import { checkDraftSchema, emptyCheck } from "./check-draft.ts";
import {
  dynamicDraftSchema,
  emptyDynamic,
  emptyFailover,
  emptyOutlier,
  failoverDraftSchema,
  outlierDraftSchema,
} from "./follow-draft.ts";
import type { FarmDraft } from "./form-model.ts";
import { emptyPolicyDraft, policyDraftSchema } from "./policy-draft.ts";
import { emptySorry, emptySticky, pinDraftsSchema, sorryDraftSchema, stickyDraftSchema } from "./sticky-draft.ts";

const backendDraftSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  address: z.string(),
  port: z.string(),
  keepsPort: z.boolean(),
  snatAddress: z._default(z.string(), ""),
  weight: z.string(),
  tier: z._default(z.string(), "0"),
  maxConnections: z._default(z.string(), ""),
  check: z._default(checkDraftSchema, emptyCheck),
});

const farmDraftSchema = z.strictObject({
  name: z.string(),
  enabled: z.boolean(),
  addresses: z.array(z.string()),
  protocol: farmSchema.shape.protocol,
  ports: z.string(),
  everyPort: z.boolean(),
  forwarding: z.enum(["dnat", "snat", "dsr", "stateless"]),
  snatAddress: z.string(),
  scheduler: z.string(),
  hashFields: z._default(z.enum(["source-address", "source-address,source-port", "source-port"]), "source-address"),
  persistence: z._default(stickyDraftSchema, emptySticky),
  pins: z._default(pinDraftsSchema, []),
  drainSticky: z._default(z.enum(["stay", "move"]), "stay"),
  onAllDown: z.enum(["reject", "drop"]),
  sorry: z._default(sorryDraftSchema, emptySorry),
  check: z._default(checkDraftSchema, emptyCheck),
  onDown: z._default(z.enum(["keep", "cut"]), "keep"),
  failover: z._default(failoverDraftSchema, emptyFailover),
  outlier: z._default(outlierDraftSchema, emptyOutlier),
  dynamic: z._default(dynamicDraftSchema, emptyDynamic),
  drainDeadlineS: z._default(z.string(), ""),
  policy: z._default(policyDraftSchema, emptyPolicyDraft),
  tags: z.string(),
  notes: z.string(),
  backends: z.array(backendDraftSchema),
});

const storedFormSchema = z.strictObject({
  /** the farm the edits were made on; null = a new one */
  base: z.nullable(z.strictObject({ farm: farmSchema, version: z.int() })),
  draft: farmDraftSchema,
});

export type StoredForm = Omit<z.output<typeof storedFormSchema>, "draft"> & { readonly draft: FarmDraft };

export function parseStoredForm(value: unknown): StoredForm | null {
  const parsed = storedFormSchema.safeParse(value);
  if (!parsed.success) return null;
  const scheduler = farmSchema.shape.scheduler.safeParse(parsed.data.draft.scheduler);
  return scheduler.success ? { ...parsed.data, draft: { ...parsed.data.draft, scheduler: scheduler.data } } : null;
}
