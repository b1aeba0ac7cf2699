/**
 * One farm, whole: schema first, then what takes several fields (families, duplicates, combinations), then what this version does
 * not build yet, refused by name. Whoever holds a Farm holds one that passed here.
 */
import { type Issue, invalid, ok, type Result } from "../result.ts";
import { familyOf } from "./address.ts";
import { forwardingIssues } from "./forwarding.ts";
import { healthCheckIssues } from "./health-check.ts";
import { joinPath, schemaIssues } from "./issues.ts";
import { maintenanceWindowIssues } from "./maintenance-window.ts";
import { outlierIssues } from "./outlier.ts";
import { persistenceIssues } from "./persistence.ts";
import { pinIssues } from "./pins.ts";
import { policyIssues } from "./policy.ts";
import { farmSchema } from "./schema.ts";
import type { Backend, Farm } from "./types.ts";

/** "invalid" with all issues. Paths like `backends[1].address`. */
export function parseFarm(input: unknown): Result<Farm> {
  const parsed = farmSchema.safeParse(input, { reportInput: true });
  if (!parsed.success) return invalid(schemaIssues(parsed.error.issues));
  const issues = farmIssues(parsed.data);
  return issues.length > 0 ? invalid(issues) : ok(parsed.data);
}

/** The checks that take the whole farm, for a farm whose shape is right. */
export function farmIssues(farm: Farm): Issue[] {
  return [
    ...duplicates(farm.addresses, (address) => address, "addresses", "", "Address"),
    ...duplicates(farm.backends, (backend) => backend.id, "backends", ".id", "Backend id"),
    ...duplicates(farm.backends, (backend) => backend.name, "backends", ".name", "Backend name"),
    ...duplicates(farm.backends, place, "backends", ".address", "Backend address"),
    ...familyIssues(farm),
    ...backendPortIssues(farm),
    ...forwardingIssues(farm),
    ...hashIssues(farm),
    ...persistenceIssues(farm),
    ...pinIssues(farm),
    ...healthCheckIssues(farm),
    ...maintenanceWindowIssues(farm),
    ...outlierIssues(farm),
    ...policyIssues(farm),
  ];
}

/** A VIP is served by backends of its own family only, so each family needs both or neither. */
function familyIssues(farm: Farm): Issue[] {
  const vips = new Set(farm.addresses.map(familyOf));
  const served = new Set(farm.backends.map((backend) => familyOf(backend.address)));
  const issues: Issue[] = [];
  for (const [at, address] of farm.addresses.entries()) {
    const family = familyOf(address);
    if (!served.has(family))
      issues.push({ path: joinPath("addresses", at), message: `${address} has no IPv${family} backend to serve it` });
  }
  for (const [at, backend] of farm.backends.entries()) {
    const path = `${joinPath("backends", at)}.address`;
    const family = familyOf(backend.address);
    if (!vips.has(family))
      issues.push({
        path,
        message: `${backend.name} is an IPv${family} backend, but the farm has no IPv${family} address`,
      });
    if (farm.addresses.includes(backend.address))
      issues.push({ path, message: `${backend.address} is an address of the farm itself` });
  }
  return issues;
}

function backendPortIssues(farm: Farm): Issue[] {
  if (farm.ports.length > 0 && farm.protocol !== "all") return [];
  return farm.backends.flatMap((backend, at) =>
    backend.port === null
      ? []
      : [
          {
            path: `${joinPath("backends", at)}.port`,
            message: "A farm of every port keeps the client's port: leave the backend's port empty",
          },
        ],
  );
}

/** Only what has ports can be told apart by them; a scheduler that hashes nothing named here does not care. */
function hashIssues({ scheduler, hashFields, protocol }: Farm): Issue[] {
  const usesFields = scheduler === "source-hash" || scheduler === "maglev";
  if (!usesFields || protocol !== "all" || !hashFields.includes("source-port")) return [];
  const message = "A farm of all protocols cannot hash the source port: not every protocol has one";
  return [{ path: "hashFields", message }];
}

function duplicates<T>(
  items: readonly T[],
  key: (item: T) => string,
  list: string,
  tail: string,
  what: string,
): Issue[] {
  const seen = new Set<string>();
  return items.flatMap((item, at) => {
    const text = key(item);
    if (seen.has(text)) return [{ path: `${joinPath(list, at)}${tail}`, message: `${what} ${text} is there twice` }];
    seen.add(text);
    return [];
  });
}

function place(backend: Backend): string {
  return backend.port === null ? backend.address : `${backend.address} port ${backend.port}`;
}
