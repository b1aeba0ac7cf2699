/** Unknown input to operations. Paths of issues are those of the farm document, so that a form finds its fields. */
import * as z from "zod/mini";
import { type Operation, type OperationType, operationSchema } from "../core/change/operation.ts";
import { limits } from "../core/farm/limits.ts";
import { parseNamedList } from "../core/farm/named-list.ts";
import { parseFarm } from "../core/farm/validate.ts";
import { fail, type Issue, invalid, ok, type Result } from "../core/result.ts";

const baseSchema = z.nullable(z.int().check(z.gte(0)));

/** One operation from the fields a page sends; a put-farm without ids gets new ones. */
export function parseOperation(type: OperationType, input: unknown, newId: () => string): Result<Operation> {
  if (!isRecord(input)) return invalid([{ path: "", message: "The input is not an object" }]);
  const bytes = bytesOf(input);
  if (bytes === null) return invalid([{ path: "", message: "The input is not plain data" }]);
  if (bytes > limits.operationBytesMax)
    return fail(
      "too-large",
      `One change has at most ${limits.operationBytesMax / 1024 / 1024} MB; nothing was changed`,
    );
  if (type === "put-farm") return parsePutFarm(input, newId);
  if (type === "put-list") return parsePutList(input, newId);
  const parsed = operationSchema.safeParse({ ...input, type });
  return parsed.success ? ok(parsed.data) : invalid(parsed.error.issues.map(toIssue));
}

/** A list of operations, for a preview. */
export function parseOperations(input: unknown, newId: () => string): Result<readonly Operation[]> {
  if (!Array.isArray(input) || input.length === 0 || input.length > operationsMax)
    return invalid([{ path: "", message: `A preview takes 1 to ${operationsMax} operations` }]);
  const operations: Operation[] = [];
  for (const each of input as readonly unknown[]) {
    const type = isRecord(each) ? typeSchema.safeParse(each.type) : null;
    if (!isRecord(each) || type === null || !type.success)
      return invalid([{ path: "", message: "An operation is of an unknown type" }]);
    const { type: _type, ...fields } = each;
    const parsed = parseOperation(type.data, fields, newId);
    if (!parsed.ok) return parsed;
    operations.push(parsed.value);
  }
  return ok(operations);
}

const operationsMax = 100;
const typeSchema = z.enum([
  "put-farm",
  "remove-farm",
  "set-enabled",
  "set-weights",
  "set-admin-state",
  "cut",
  "put-list",
  "remove-list",
]);

function parsePutFarm(input: Readonly<Record<string, unknown>>, newId: () => string): Result<Operation> {
  const base = baseOf(input, "farm");
  if (!base.ok) return base;
  const farm = parseFarm(withIds(input.farm, newId));
  return farm.ok ? ok({ type: "put-farm", base: base.value, farm: farm.value }) : farm;
}

function parsePutList(input: Readonly<Record<string, unknown>>, newId: () => string): Result<Operation> {
  const base = baseOf(input, "list");
  if (!base.ok) return base;
  const list = parseNamedList(withId(input.list, newId));
  return list.ok ? ok({ type: "put-list", base: base.value, list: list.value }) : list;
}

function baseOf(input: Readonly<Record<string, unknown>>, what: string): Result<number | null> {
  const unknownField = Object.keys(input).find((key) => key !== what && key !== "base");
  if (unknownField !== undefined) return invalid([{ path: unknownField, message: "Unknown field" }]);
  const base = baseSchema.safeParse(input.base);
  return base.success
    ? ok(base.data)
    : invalid([{ path: "", message: "The version this change is based on is missing" }]);
}

function withIds(farm: unknown, newId: () => string): unknown {
  if (!isRecord(farm)) return farm;
  const backends: unknown = Array.isArray(farm.backends)
    ? (farm.backends as readonly unknown[]).map((backend) => withId(backend, newId))
    : farm.backends;
  return withId("backends" in farm ? { ...farm, backends } : farm, newId);
}

function withId(value: unknown, newId: () => string): unknown {
  if (!isRecord(value) || (value.id !== undefined && value.id !== null)) return value;
  return { ...value, id: newId() };
}

/** null when it cannot be written as JSON: cycles, big integers, endless depth. */
function bytesOf(input: Readonly<Record<string, unknown>>): number | null {
  try {
    return Buffer.byteLength(JSON.stringify(input));
  } catch {
    return null;
  }
}

function toIssue(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): Issue {
  const path = issue.path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
  return { path, message: issue.message };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
