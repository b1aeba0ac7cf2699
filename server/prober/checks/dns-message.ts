/** The little of DNS that a check needs: one question out, and of the answer its header and the echo of the question. No record is read. */

export const recordTypes = { A: 1, NS: 2, SOA: 6, MX: 15, TXT: 16, AAAA: 28 } as const;

export type DnsAnswer = { readonly rcode: number; readonly records: number };

const headerBytes = 12;
const classInternet = 1;
const recursionDesired = 0x0100;
const isAnswerBit = 0x8000;

/** null = the name cannot be asked for */
export function dnsQuestion(id: number, name: string, type: keyof typeof recordTypes): Buffer | null {
  const bare = name.replace(/\.$/, "");
  const labels = bare === "" ? [] : bare.split(".");
  if (labels.some((label) => label.length === 0 || label.length > 63) || name.length > 253) return null;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(recursionDesired, 2);
  header.writeUInt16BE(1, 4);
  const parts = labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")]));
  const end = Buffer.from([0, 0, recordTypes[type], 0, classInternet]);
  return Buffer.concat([header, ...parts, end]);
}

/** "other" = an answer to something else, which is waited past; "broken" = none of DNS. */
export function readDnsAnswer(answer: Buffer, question: Buffer): DnsAnswer | "other" | "broken" {
  if (answer.length < headerBytes) return "broken";
  if (answer.readUInt16BE(0) !== question.readUInt16BE(0)) return "other";
  const flags = answer.readUInt16BE(2);
  if ((flags & isAnswerBit) === 0) return "broken";
  const rcode = flags & 0x0f;
  // a server that refuses may leave the question out
  const hasQuestion = answer.readUInt16BE(4) === 1;
  if (!hasQuestion) return rcode === 0 ? "broken" : { rcode, records: 0 };
  const asked = question.toString("latin1", headerBytes).toLowerCase();
  const echoed = answer.toString("latin1", headerBytes, question.length).toLowerCase();
  return asked === echoed ? { rcode, records: answer.readUInt16BE(6) } : "other";
}
