/**
 * One transaction as netlink messages: edits of elements, and rules with other numbers. It carries the generation it is meant for: the kernel
 * refuses it when anybody wrote meanwhile, and does all of it or nothing.
 */
import { tableName } from "../core/ruleset/model.ts";
import type { ElementForm } from "./element-bytes.ts";
import { deleteElements, familyInet, newElements, subsystem, writeElements } from "./element-messages.ts";
import { MessageWriter } from "./message-writer.ts";
import { type ListedRule, newRule } from "./rule-dump.ts";

export type Edit =
  | {
      readonly type: "add";
      readonly object: string;
      readonly form: ElementForm;
      readonly elements: readonly (readonly [string, string])[];
    }
  | { readonly type: "delete"; readonly object: string; readonly form: ElementForm; readonly keys: readonly string[] }
  | { readonly type: "rule"; readonly chain: string; readonly rule: ListedRule };

export type EditBatch = {
  readonly bytes: Uint8Array;
  /** sequence numbers of its messages; the kernel answers `receipt` when all is done */
  readonly first: number;
  readonly last: number;
  readonly receipt: number;
};

const batchBegin = 16;
const batchEnd = 17;
const batchGeneration = 1;
const familyUnspecified = 0;
const requestFlag = 0x1;
const ackFlag = 0x4;
const replaceFlag = 0x100;
const createFlag = 0x400;
const ruleTable = 1;
const ruleChain = 2;
const ruleHandle = 3;
const ruleExpressions = 4;
const ruleUserdata = 7;
const nestedFlag = 0x8000;
/** an attribute's length has 16 bits */
const messageBytesMax = 60_000;

/** `edits` in their order, at least one. */
export function editBatch(edits: readonly Edit[], generation: number): EditBatch {
  const writer = new MessageWriter();
  let sequence = 1;
  const bound = { family: familyUnspecified, resource: subsystem };
  writer.message({ type: batchBegin, flags: requestFlag, sequence, ...bound }, () =>
    writer.number(batchGeneration, generation),
  );
  const bodies = edits.flatMap(bodiesOf);
  for (const [at, { type, flags, body }] of bodies.entries()) {
    sequence += 1;
    const ack = at === bodies.length - 1 ? ackFlag : 0;
    writer.message({ type, flags: requestFlag | flags | ack, sequence, family: familyInet }, () => body(writer));
  }
  const receipt = sequence;
  writer.message({ type: batchEnd, flags: requestFlag, sequence: sequence + 1, ...bound }, () => undefined);
  return { bytes: writer.bytes(), first: 1, last: sequence + 1, receipt };
}

type Body = { readonly type: number; readonly flags: number; readonly body: (writer: MessageWriter) => void };

function bodiesOf(edit: Edit): Body[] {
  if (edit.type === "rule") return [{ type: newRule, flags: replaceFlag, body: (writer) => writeRule(writer, edit) }];
  const type = edit.type === "add" ? newElements : deleteElements;
  const flags = edit.type === "add" ? createFlag : 0;
  const items = edit.type === "add" ? edit.elements : edit.keys.map((key) => [key, null] as const);
  const size = Math.floor(messageBytesMax / elementBytesMax);
  const out: Body[] = [];
  for (let at = 0; at < items.length; at += size) {
    const part = items.slice(at, at + size);
    out.push({ type, flags, body: (writer) => writeElements(writer, edit.object, edit.form, part) });
  }
  return out;
}

/** the largest here: a mark, and an IPv6 address with a port */
const elementBytesMax = 48;

function writeRule(
  writer: MessageWriter,
  { chain, rule }: { readonly chain: string; readonly rule: ListedRule },
): void {
  writer.text(ruleTable, tableName);
  writer.text(ruleChain, chain);
  writer.data(ruleHandle, rule.handle);
  writer.data(ruleExpressions | nestedFlag, rule.expressions);
  if (rule.userdata !== null) writer.data(ruleUserdata, rule.userdata);
}
