/**
 * Netlink messages, one after the other in one buffer: headers in the order of the machine (little endian), numbers of nf_tables in
 * network order, everything padded to four bytes. Lengths are filled in when what they count is closed.
 */

const headerBytes = 16;
const nfgenBytes = 4;
const nested = 0x8000;
const firstBytes = 4096;

export type MessageHead = {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly family: number;
  /** nfgenmsg's last field: the subsystem in a batch's begin and end */
  readonly resource?: number;
};

export class MessageWriter {
  #bytes = new Uint8Array(firstBytes);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;
  #message = 0;

  /** what was written so far */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** of the message that is open */
  messageBytes(): number {
    return this.#at - this.#message;
  }

  message({ type, flags, sequence, family, resource = 0 }: MessageHead, body: () => void): void {
    this.#room(headerBytes + nfgenBytes);
    const start = this.#at;
    this.#message = start;
    this.#view.setUint16(start + 4, type, true);
    this.#view.setUint16(start + 6, flags, true);
    this.#view.setUint32(start + 8, sequence, true);
    this.#view.setUint32(start + 12, 0, true);
    this.#view.setUint8(start + headerBytes, family);
    this.#view.setUint8(start + headerBytes + 1, 0);
    this.#view.setUint16(start + headerBytes + 2, resource, false);
    this.#at += headerBytes + nfgenBytes;
    body();
    this.#view.setUint32(start, this.#at - start, true);
  }

  nest(type: number, body: () => void): void {
    const start = this.begin(type);
    body();
    this.end(start);
  }

  /** An attribute that holds others, until `end` with what this answers: for what is written a hundred thousand times. */
  begin(type: number): number {
    return this.#open(type | nested);
  }

  end(start: number): void {
    this.#view.setUint16(start, this.#at - start, true);
  }

  text(type: number, value: string): void {
    this.data(type, Buffer.from(`${value}\0`, "latin1"));
  }

  number(type: number, value: number): void {
    this.data(type, 0);
    this.#view.setUint32(this.#at - 4, value, false);
  }

  /** bytes as they are; a number: four bytes in the order of the machine, as marks have them */
  data(type: number, value: Uint8Array | number): void {
    const start = this.#open(type);
    if (typeof value === "number") {
      this.#room(4);
      this.#view.setUint32(this.#at, value, true);
      this.#at += 4;
    } else {
      const padded = (value.byteLength + 3) & ~3;
      this.#room(padded);
      this.#bytes.set(value, this.#at);
      this.#bytes.fill(0, this.#at + value.byteLength, this.#at + padded);
      this.#at += padded;
    }
    this.#view.setUint16(start, 4 + (typeof value === "number" ? 4 : value.byteLength), true);
  }

  #open(type: number): number {
    this.#room(4);
    const start = this.#at;
    this.#view.setUint16(start + 2, type, true);
    this.#at += 4;
    return start;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.byteLength) return;
    const grown = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.#at + bytes));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
