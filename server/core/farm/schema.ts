/**
 * Schema of the farm document: shapes, bounds and the defaults, which stand here and nowhere else.
 * It checks one farm by itself; validate.ts checks what takes the whole farm (families, combinations) and overlap.ts what
 * takes all farms. Unknown fields are refused. Messages are sentences for people; the path names the field.
 */
import * as z from "zod/mini";
import { canonicalAddress } from "./address.ts";
import { defaultDynamic, dynamicSchema } from "./dynamic.ts";
import { defaultFailover, failoverSchema } from "./failover.ts";
import { healthCheckSchema } from "./health-check.ts";
import { limits } from "./limits.ts";
import { maintenanceWindowsSchema } from "./maintenance-window.ts";
import { idSchema as id, nameSchema as name, notesSchema } from "./name.ts";
import { outlierSchema } from "./outlier.ts";
import { persistenceSchema } from "./persistence.ts";
import { pinsSchema } from "./pins.ts";
import { noPolicy, policySchema } from "./policy.ts";
import { portEntriesSchema } from "./ports.ts";
import { whole } from "./whole-number.ts";

/** An address literal, brought to its canonical text form; refuses names, mapped and special-purpose addresses. */
const address = z.pipe(
  z.string("An address is text"),
  z.transform((text: string, context) => {
    const parsed = canonicalAddress(text);
    if (parsed.ok) return parsed.value;
    context.issues.push({ code: "custom", message: parsed.error, input: text });
    return z.NEVER;
  }),
);

const port = z
  .int("A port is a whole number from 1 to 65,535")
  .check(
    z.gte(1, "A port is a whole number from 1 to 65,535"),
    z.lte(limits.portMax, "A port is a whole number from 1 to 65,535"),
  );

/** Integer 0..1000, set by the administrator. */
export const weightSchema = z
  .int("A weight is a whole number from 0 to 1,000")
  .check(
    z.gte(0, "A weight is a whole number from 0 to 1,000"),
    z.lte(limits.weightMax, "A weight is a whole number from 0 to 1,000"),
  );

export const adminStateSchema = z.enum(["active", "drain", "maintenance"], "A state is active, drain or maintenance");

const limitText = "A connection limit is a whole number from 1 to 10,000,000";
const connectionLimit = z.int(limitText).check(z.gte(1, limitText), z.lte(limits.connectionLimitMax, limitText));

export const backendSchema = z.strictObject({
  id,
  name,
  address,
  /** null = the port the client asked for is kept */
  port: z._default(z.nullable(port), null),
  weight: z._default(weightSchema, 100),
  adminState: z._default(adminStateSchema, "active"),
  tier: z._default(
    z
      .int("A tier is a whole number from 0 to 9")
      .check(z.gte(0, "A tier is 0 to 9"), z.lte(limits.tierMax, "A tier is 0 to 9")),
    0,
  ),
  /** open ones; what is beyond goes to the other backends */
  maxConnections: z._default(z.nullable(connectionLimit), null),
  snatAddress: z._default(z.nullable(address), null),
  healthCheck: z._default(z.nullable(healthCheckSchema), null),
});

export const farmSchema = z.strictObject({
  id,
  name,
  enabled: z._default(z.boolean("Enabled is true or false"), true),
  addresses: z
    .array(address, "Addresses are a list")
    .check(
      z.minLength(1, "At least one address (VIP) is needed"),
      z.maxLength(limits.addressesPerFarmMax, `At most ${limits.addressesPerFarmMax} addresses`),
    ),
  protocol: z.enum(["tcp", "udp", "sctp", "all"], "A protocol is tcp, udp, sctp or all"),
  /** [] = every port; entries are 80 or "8000-8010", sorted and merged by parsing */
  ports: portEntriesSchema,
  forwarding: z._default(
    z.enum(["dnat", "snat", "dsr", "stateless"], "Forwarding is dnat, snat, dsr or stateless"),
    "dnat",
  ),
  snatAddress: z._default(z.nullable(address), null),
  scheduler: z._default(
    z.enum(
      [
        "round-robin",
        "weighted",
        "random",
        "source-hash",
        "symmetric-hash",
        "maglev",
        "least-connections",
        "least-response",
        "least-load",
      ],
      "Not a scheduler",
    ),
    "weighted",
  ),
  hashFields: z._default(z.array(z.enum(["source-address", "source-port"])).check(z.minLength(1), z.maxLength(2)), [
    "source-address",
  ]),
  persistence: z._default(z.nullable(persistenceSchema), null),
  pins: z._default(pinsSchema, []),
  onAllDown: z._default(z.enum(["reject", "drop"], "reject or drop"), "reject"),
  onDown: z._default(z.enum(["keep", "cut"], "keep or cut"), "keep"),
  drainSticky: z._default(z.enum(["stay", "move"], "stay or move"), "stay"),
  sorryServer: z._default(z.nullable(z.strictObject({ address, port: z._default(z.nullable(port), null) })), null),
  healthCheck: z._default(z.nullable(healthCheckSchema), null),
  failover: z._default(failoverSchema, defaultFailover),
  /** null = real traffic takes nobody out */
  outlier: z._default(z.nullable(outlierSchema), null),
  dynamic: z._default(dynamicSchema, defaultDynamic),
  /** seconds after which what is left on a drained backend is cut; null = never */
  drainDeadlineS: z._default(z.nullable(whole(1, 604_800, "The deadline of a drain")), null),
  maintenanceWindows: z._default(maintenanceWindowsSchema, []),
  policy: z._default(policySchema, noPolicy),
  tags: z._default(z.array(name).check(z.maxLength(limits.tagsMax, `At most ${limits.tagsMax} tags`)), []),
  notes: notesSchema,
  backends: z
    .array(backendSchema, "Backends are a list")
    .check(
      z.minLength(1, "At least one backend is needed"),
      z.maxLength(limits.backendsPerFarmMax, `A farm has at most ${limits.backendsPerFarmMax} backends`),
    ),
});
