/**
 * Messages of the kernel's rules, as bytes: the generation in an answer, and the notification of a transaction. Bytes are the machine's
 * (little endian), attributes of nf_tables are in network order. What does not fit is null, never a guess.
 */

/** One transaction of somebody. The pid is the one of the initial pid namespace, whoever reads it. */
export type RuleWrite = { readonly generation: number; readonly pid: number | null; readonly name: string | null };

const subsystem = 10 << 8;
const getElements = subsystem | 13;
const getSet = subsystem | 10;
const newSet = subsystem | 9;
const getChain = subsystem | 4;
const newChain = subsystem | 3;
const getRule = subsystem | 7;
const newGen = subsystem | 15;
const getGen = subsystem | 16;
const errorMessage = 2;
const noSuchEntry = -2;
const requestFlag = 1;
const dumpFlags = 0x300;
const familyInet = 1;
const setTable = 1;
const setName = 2;
const setCount = 20;
const chainTable = 1;
const chainName = 3;
const ruleTable = 1;
const ruleChain = 2;
const headerBytes = 16;
const nfgenBytes = 4;
const attributeId = 1;
const attributePid = 2;
const attributeName = 3;
const nameMax = 16;

export function generationQuestion(sequence: number): Uint8Array {
  return question(getGen, 0, sequence, []);
}

/** Is there this chain in this table of the family inet? */
export function chainQuestion(sequence: number, table: string, chain: string): Uint8Array {
  const attributes = [text(chainTable, table), text(chainName, chain)];
  return question(getChain, familyInet, sequence, attributes);
}

/** true: the chain; false: "no such entry" (of the chain or its table); null: any other message */
export function answerIn(message: Uint8Array, sequence: number): boolean | null {
  const view = viewOf(message);
  if (message.byteLength < headerBytes + nfgenBytes || view.getUint32(8, true) !== sequence) return null;
  const type = view.getUint16(4, true);
  if (type === newChain) return true;
  return type === errorMessage && view.getInt32(headerBytes, true) === noSuchEntry ? false : null;
}

/** A map or set of the family inet, without its elements. */
export function setQuestion(sequence: number, table: string, set: string): Uint8Array {
  return question(getSet, familyInet, sequence, [text(setTable, table), text(setName, set)]);
}

/** All elements of a map or set of the family inet: a dump, answered in many messages (element-dump.ts reads them). */
export function elementsQuestion(sequence: number, table: string, set: string): Uint8Array {
  return question(getElements, familyInet, sequence, [text(setTable, table), text(setName, set)], dumpFlags);
}

/** The rules of a chain of the family inet: a dump (rule-dump.ts reads them). */
export function rulesQuestion(sequence: number, table: string, chain: string): Uint8Array {
  return question(getRule, familyInet, sequence, [text(ruleTable, table), text(ruleChain, chain)], dumpFlags);
}

/** How many elements it has; "unknown": the answer does not say (kernels before 6.17) or is an error. null: another message. */
export function countIn(message: Uint8Array, sequence: number): number | "unknown" | null {
  const view = viewOf(message);
  if (message.byteLength < headerBytes + nfgenBytes || view.getUint32(8, true) !== sequence) return null;
  if (view.getUint16(4, true) !== newSet) return "unknown";
  for (let at = headerBytes + nfgenBytes; at + 4 <= message.byteLength; ) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > message.byteLength) break;
    if ((view.getUint16(at + 2, true) & 0x3fff) === setCount && length >= 8) return view.getUint32(at + 4, false);
    at += (length + 3) & ~3;
  }
  return "unknown";
}

function question(
  type: number,
  family: number,
  sequence: number,
  attributes: readonly Uint8Array[],
  flags = 0,
): Uint8Array {
  const bytes = attributes.reduce((sum, each) => sum + each.byteLength, headerBytes + nfgenBytes);
  const request = new Uint8Array(bytes);
  const view = viewOf(request);
  view.setUint32(0, bytes, true);
  view.setUint16(4, type, true);
  view.setUint16(6, requestFlag | flags, true);
  view.setUint32(8, sequence, true);
  view.setUint8(headerBytes, family);
  let at = headerBytes + nfgenBytes;
  for (const each of attributes) {
    request.set(each, at);
    at += each.byteLength;
  }
  return request;
}

function text(type: number, value: string): Uint8Array {
  const length = 4 + value.length + 1;
  const attribute = new Uint8Array((length + 3) & ~3);
  const view = viewOf(attribute);
  view.setUint16(0, length, true);
  view.setUint16(2, type, true);
  attribute.set(Buffer.from(value, "latin1"), 4);
  return attribute;
}

/** Generation in a NEWGEN answer to `sequence`; null for any other message. */
export function generationIn(message: Uint8Array, sequence: number): number | null {
  const view = viewOf(message);
  if (message.byteLength < headerBytes || view.getUint32(8, true) !== sequence) return null;
  return writeIn(message)?.generation ?? null;
}

/** The transaction a NEWGEN message tells of; null for any other message. */
export function writeIn(message: Uint8Array): RuleWrite | null {
  const view = viewOf(message);
  if (message.byteLength < headerBytes + nfgenBytes || view.getUint16(4, true) !== newGen) return null;
  let generation: number | null = null;
  let pid: number | null = null;
  let name: string | null = null;
  for (let at = headerBytes + nfgenBytes; at + 4 <= message.byteLength; ) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > message.byteLength) break;
    const type = view.getUint16(at + 2, true) & 0x3fff;
    if (type === attributeId && length >= 8) generation = view.getUint32(at + 4, false);
    if (type === attributePid && length >= 8) pid = view.getUint32(at + 4, false);
    if (type === attributeName) name = nameIn(message.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  return generation === null ? null : { generation, pid, name };
}

/** A process chooses its own name: anything that is no plain character becomes a question mark. */
function nameIn(bytes: Uint8Array): string | null {
  const end = bytes.indexOf(0);
  const text = Buffer.from(bytes.subarray(0, end < 0 ? nameMax : Math.min(end, nameMax))).toString("latin1");
  return text === "" ? null : text.replace(/[^A-Za-z0-9 ._:/()+-]/g, "?");
}

function viewOf(message: Uint8Array): DataView {
  return new DataView(message.buffer, message.byteOffset, message.byteLength);
}
