import { expect, test } from "vitest";
import { recorded } from "./conntrack-recorded.testing.ts";
import { type EventFilter, eventFilter, isSampled } from "./event-filter.ts";
import type { FilterStep } from "./libc.ts";

const all: EventFilter = { tag: 0x51, sampleBits: 0, withEnds: true };

test("opens of ours pass, with what became of them; ordinary ends, datagrams and other marks do not", () => {
  const passing = Object.entries(recorded)
    .filter(([, bytes]) => runs(eventFilter(all), bytes))
    .map(([name]) => name);
  expect(passing).toEqual(["new", "answered", "opened", "finWait", "refusedNew", "refused", "reset"]);
  expect(runs(eventFilter({ ...all, withEnds: false }), recorded.finWait)).toBe(false);
  expect(runs(eventFilter({ ...all, withEnds: false }), recorded.reset)).toBe(true);
  expect(runs(eventFilter({ ...all, tag: 0x52 }), recorded.new)).toBe(false);
});

test("of a connection that is not sampled no event passes, of the others every one", () => {
  for (const sampleBits of [1, 4, 10])
    for (let id = 0; id < 64; id++) {
      const bytes = withId(recorded.answered, id);
      expect(runs(eventFilter({ ...all, sampleBits }), bytes)).toBe(isSampled(id, sampleBits));
    }
});

test("a message cut short does not pass", () => {
  for (let length = 0; length < 160; length++)
    expect(runs(eventFilter(all), recorded.new.subarray(0, length))).toBe(false);
});

function withId(bytes: Uint8Array, id: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt32BE(id, changed.indexOf(Buffer.from("08000c00", "hex")) + 4);
  return changed;
}

/** The kernel's filter machine, as far as the program needs it: classic BPF over one netlink message. */
function runs(program: readonly FilterStep[], bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let a = 0;
  let x = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, jt, jf, k } = program[at] ?? { code: 0x06, jt: 0, jf: 0, k: 0 };
    if (code === 0x06) return k !== 0;
    if (code === 0x15) at += a === k ? jt : jf;
    else if (code === 0x00) a = k;
    else if (code === 0x01) x = k;
    else if (code === 0x07) x = a;
    else if (code === 0x54) a = (a & k) >>> 0;
    else if (code === 0x20 && k === 0xfffff00c) a = attributeAt(view, a, view.byteLength, x);
    else if (code === 0x20 && k === 0xfffff010) a = attributeAt(view, a + 4, a + view.getUint16(a, true), x);
    else if (code === 0x40 && x + k + 4 <= view.byteLength) a = view.getUint32(x + k);
    else if (code === 0x50 && x + k < view.byteLength) a = view.getUint8(x + k);
    else return false;
  }
  return false;
}

function attributeAt(view: DataView, from: number, to: number, type: number): number {
  for (let at = from; at + 4 <= Math.min(to, view.byteLength); ) {
    const length = view.getUint16(at, true);
    if (length < 4 || at + length > Math.min(to, view.byteLength)) return 0;
    if ((view.getUint16(at + 2, true) & 0x3fff) === type) return at;
    at += (length + 3) & ~3;
  }
  return 0;
}
