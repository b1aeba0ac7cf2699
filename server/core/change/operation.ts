/**
 * Farm-level operations, and those on named lists: what a change of the desired state is made of, from the page to the journal.
 * `base` is the farm's (the list's) own version the writer saw, the n of the last revision that touched it; null = it must not exist.
 * Unknown fields are refused.
 */
import * as z from "zod/mini";
import { namedListSchema } from "../farm/named-list.ts";
import { adminStateSchema, farmSchema, weightSchema } from "../farm/schema.ts";

const base = z.nullable(z.int().check(z.gte(0)));
const farmId = z.uuid();
const backendId = z.uuid();

export const operationSchema = z.discriminatedUnion("type", [
  /** Structural: create (base null) or replace a whole farm. */
  z.strictObject({ type: z.literal("put-farm"), base, farm: farmSchema }),
  /** Structural. */
  z.strictObject({ type: z.literal("remove-farm"), base, farmId }),
  /** Structural: stop or start answering at the VIPs; open connections stay. */
  z.strictObject({ type: z.literal("set-enabled"), base, farmId, enabled: z.boolean() }),
  /** Urgent: weights of some backends of one farm, integer 0..1000; the others keep theirs. */
  z.strictObject({ type: z.literal("set-weights"), base, farmId, weights: z.record(backendId, weightSchema) }),
  /** Urgent: admin states of some backends of one farm. */
  z.strictObject({ type: z.literal("set-admin-state"), base, farmId, states: z.record(backendId, adminStateSchema) }),
  /** Urgent: end the open connections of a backend that is drained or in maintenance. Changes no farm, but is journalled. */
  z.strictObject({ type: z.literal("cut"), base, farmId, backendId }),
  /** Structural: create (base null) or replace a named list. No farm is touched, whoever refers to it. */
  z.strictObject({ type: z.literal("put-list"), base, list: namedListSchema }),
  /** Structural: refused while a farm refers to it. */
  z.strictObject({ type: z.literal("remove-list"), base, listId: z.uuid() }),
]);

export type Operation = z.output<typeof operationSchema>;
export type OperationType = Operation["type"];
export type ListOperation = Extract<Operation, { type: "put-list" | "remove-list" }>;
export type FarmOperation = Exclude<Operation, ListOperation>;

export function isListOperation(operation: Operation): operation is ListOperation {
  return operation.type === "put-list" || operation.type === "remove-list";
}

export function isFarmOperation(operation: Operation): operation is FarmOperation {
  return !isListOperation(operation);
}

/** Urgent operations have a higher rate limit and go first. */
export function isUrgent(operation: Operation): boolean {
  return operation.type === "set-weights" || operation.type === "set-admin-state" || operation.type === "cut";
}
