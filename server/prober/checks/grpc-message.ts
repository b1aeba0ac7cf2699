/** The two messages of grpc.health.v1.Health/Check, in the length-prefixed form of gRPC. Too small to need a library. */

const prefixBytes = 5;
/** the answer is one number; whoever sends more sends something else */
export const grpcAnswerBytesMax = 1024;

export const servingStatuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"] as const;

/** HealthCheckRequest: field 1, the service's name; `service` is ASCII. */
export function healthRequest(service: string): Buffer {
  const name = Buffer.from(service, "latin1");
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a]), varint(name.length), name]);
  const prefix = Buffer.alloc(prefixBytes);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** HealthCheckResponse: field 1, the status. null = not such a message, or not whole. */
export function readHealthAnswer(body: Buffer): number | null {
  if (body.length < prefixBytes || body[0] !== 0) return null;
  const message = body.subarray(prefixBytes);
  if (message.length !== body.readUInt32BE(1)) return null;
  // proto3 leaves out a zero
  let status = 0;
  let at = 0;
  while (at < message.length) {
    const tag = readVarint(message, at);
    if (tag === null) return null;
    const value = readVarint(message, tag.next);
    if (value === null) return null;
    at = value.next;
    if (tag.value === 0x08) status = value.value;
    else if ((tag.value & 7) === 2) at += value.value;
    else if ((tag.value & 7) !== 0) return null;
  }
  return at === message.length ? status : null;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}

function readVarint(bytes: Buffer, from: number): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let at = from; at < bytes.length && at < from + 4; at++) {
    const byte = bytes[at] ?? 0;
    value |= (byte & 0x7f) << (7 * (at - from));
    if ((byte & 0x80) === 0) return { value, next: at + 1 };
  }
  return null;
}
