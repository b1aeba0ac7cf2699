/**
 * The little of SNMP v2c that is needed: one GetBulk of the column hrProcessorLoad (HOST-RESOURCES-MIB, one row a CPU), and its answer. BER
 * by hand: the answer comes from a backend, and every length is checked against what there is.
 */

/** 1.3.6.1.2.1.25.3.3.1.2 */
const column = [0x2b, 0x06, 0x01, 0x02, 0x01, 0x19, 0x03, 0x03, 0x01, 0x02];
const rowsMax = 64;
const tags = { integer: 0x02, text: 0x04, nothing: 0x05, oid: 0x06, sequence: 0x30, getBulk: 0xa5, response: 0xa2 };
const version2c = 1;

export type SnmpLoad = { readonly cpus: number; readonly loadPct: number };

export function loadRequest(id: number, community: string): Buffer {
  const variable = sequence(tags.sequence, [
    encode(tags.oid, Buffer.from(column)),
    encode(tags.nothing, Buffer.alloc(0)),
  ]);
  const pdu = sequence(tags.getBulk, [integer(id), integer(0), integer(rowsMax), sequence(tags.sequence, [variable])]);
  return sequence(tags.sequence, [integer(version2c), encode(tags.text, Buffer.from(community, "latin1")), pdu]);
}

/** "other" = of another question; "empty" = it has no such column; "broken" = not SNMP; a number = an error status. */
export function readLoadAnswer(answer: Buffer, id: number): SnmpLoad | number | "other" | "empty" | "broken" {
  const [message] = children(answer) ?? [];
  const [, , pdu] = message?.tag === tags.sequence ? (children(message.value) ?? []) : [];
  const [requestId, status, , variables] = pdu?.tag === tags.response ? (children(pdu.value) ?? []) : [];
  if (requestId === undefined || status === undefined || variables === undefined) return "broken";
  if (whole(requestId) !== id) return "other";
  const code = whole(status);
  if (code !== 0) return code ?? "broken";
  const loads = (children(variables.value) ?? []).flatMap(loadOf);
  if (loads.length === 0) return "empty";
  return { cpus: loads.length, loadPct: loads.reduce((sum, load) => sum + load, 0) / loads.length };
}

function loadOf(variable: Element): number[] {
  const [name, value] = children(variable.value) ?? [];
  if (name === undefined || value?.tag !== tags.integer) return [];
  const isOurs = name.tag === tags.oid && name.value.subarray(0, column.length).equals(Buffer.from(column));
  const load = whole(value);
  return isOurs && load !== null && load >= 0 && load <= 100 ? [load] : [];
}

type Element = { readonly tag: number; readonly value: Buffer };

/** null = a length goes beyond what there is */
function children(bytes: Buffer): Element[] | null {
  const out: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at];
    const first = bytes[at + 1];
    if (tag === undefined || first === undefined) return null;
    const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
    const from = at + 2 + sizeBytes;
    if (sizeBytes > 2 || first === 0x80 || from > bytes.length) return null;
    const length = sizeBytes === 0 ? first : bytes.readUIntBE(at + 2, sizeBytes);
    if (from + length > bytes.length) return null;
    out.push({ tag, value: bytes.subarray(from, from + length) });
    at = from + length;
  }
  return out;
}

function whole({ tag, value }: Element): number | null {
  return tag === tags.integer && value.length >= 1 && value.length <= 4 ? value.readIntBE(0, value.length) : null;
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return encode(tags.integer, bytes);
}

function sequence(tag: number, parts: readonly Buffer[]): Buffer {
  return encode(tag, Buffer.concat(parts));
}

function encode(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}
