/** Rows to core types and back. JSON columns are parsed, never trusted. */
import * as z from "zod/mini";
import type { ChangeActor } from "../core/change/actor.ts";
import { type Operation, operationSchema } from "../core/change/operation.ts";
import { namedListSchema } from "../core/farm/named-list.ts";
import { farmSchema } from "../core/farm/schema.ts";
import type { Backend, Farm } from "../core/farm/types.ts";
import type { Prisma } from "./generated/client.ts";
import type { AcceptedRevision, StoredFarm, StoredList, StoredRevision } from "./repositories.ts";
import { Rollback } from "./storage-failure.ts";

const operationsSchema = z.array(operationSchema);
const sentencesSchema = z.array(z.string());
const snapshotSchema = z.array(z.object({ farm: farmSchema, version: z.int() }));
const listSnapshotSchema = z.array(z.object({ list: namedListSchema, version: z.int() }));

export function toStoredFarm(row: { id: string; version: number; document: unknown }): StoredFarm {
  const parsed = farmSchema.safeParse(row.document);
  if (parsed.success) return { farm: parsed.data, version: row.version };
  throw damaged(`farm ${row.id}`, parsed.error.message);
}

export function toStoredList(row: { id: string; version: number; document: unknown }): StoredList {
  const parsed = namedListSchema.safeParse(row.document);
  if (parsed.success) return { list: parsed.data, version: row.version };
  throw damaged(`list ${row.id}`, parsed.error.message);
}

export function farmColumns(farm: Farm, version: number, atMs: number) {
  const { name, enabled, protocol, scheduler } = farm;
  return { name, enabled, protocol, scheduler, version, document: toJson(farm), updatedAt: new Date(atMs) };
}

export function backendColumns(farmId: string, backend: Backend, position: number): Prisma.BackendCreateManyInput {
  const { id, name, address, port, weight, adminState, tier } = backend;
  return { id, farmId, position, name, address, port, weight, adminState, tier };
}

type RevisionRow = {
  readonly epoch: number;
  readonly n: number;
  readonly uuid: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly peerUid: number | null;
  readonly at: Date;
  readonly digest: string;
  readonly operations: unknown;
  readonly sentences: unknown;
  readonly farms: readonly { readonly farmId: string }[];
};

export function toStoredRevision(row: RevisionRow): StoredRevision {
  const { epoch, n, uuid, peerUid, digest } = row;
  return {
    epoch,
    n,
    uuid,
    actor: actorOf(row),
    peerUid,
    at: row.at.getTime(),
    digest,
    operations: toOperations(row.operations),
    sentences: toSentences(row.sentences),
    farmIds: row.farms.map(({ farmId }) => farmId),
  };
}

export function revisionColumns(revision: AcceptedRevision) {
  const { epoch, n, uuid, actor, peerUid, at, digest, operations, sentences } = revision;
  return {
    epoch,
    n,
    uuid,
    actorId: actor.id,
    actorName: actor.name,
    peerUid,
    at: new Date(at),
    digest,
    operations: toJson(operations),
    sentences: toJson(sentences),
  };
}

export function actorOf(row: { readonly actorId: string; readonly actorName: string }): ChangeActor {
  return { id: row.actorId, name: row.actorName };
}

/** What an older version wrote and this one does not know any more is left out; its sentences stay. */
export function toOperations(json: unknown): Operation[] {
  const parsed = operationsSchema.safeParse(json);
  return parsed.success ? parsed.data : [];
}

export function toSnapshot(json: unknown): StoredFarm[] {
  const parsed = snapshotSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw damaged("a snapshot of the farms", parsed.error.message);
}

/** null: written before there were lists */
export function toListSnapshot(json: unknown): StoredList[] {
  const parsed = listSnapshotSchema.safeParse(json ?? []);
  if (parsed.success) return parsed.data;
  throw damaged("a snapshot of the lists", parsed.error.message);
}

/** A JSON column as plain statements read it; what is no JSON fails in the schema that parses it. */
export function fromJsonText(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

/** Our values are plain data; Prisma's type only lacks the word readonly. */
export function toJson(value: unknown): Prisma.InputJsonValue {
  return value as Prisma.InputJsonValue;
}

function toSentences(json: unknown): string[] {
  const parsed = sentencesSchema.safeParse(json);
  return parsed.success ? parsed.data : [];
}

function damaged(what: string, detail: string): Rollback {
  return new Rollback({
    code: "storage",
    text: `The database holds ${what} that cannot be read`,
    detail,
    retry: false,
  });
}
