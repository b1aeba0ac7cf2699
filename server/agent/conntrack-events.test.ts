import { expect, test } from "vitest";
import { tcpEventIn, tcpState } from "./conntrack-events.ts";
import { recorded } from "./conntrack-recorded.testing.ts";

function read(bytes: Uint8Array, tag = 0x51) {
  return tcpEventIn(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.byteLength, tag);
}

test("one connection is followed by its number: SYN, SYN-ACK 31.1 us later, ACK, FIN", () => {
  const events = [recorded.new, recorded.answered, recorded.opened, recorded.finWait].map((bytes) => read(bytes));
  expect(events.map((event) => [event?.what, event?.state, event?.id, event?.markId])).toEqual([
    ["new", tcpState.synSent, 0x4d0b1e51, 1],
    ["update", tcpState.synRecv, 0x4d0b1e51, 1],
    ["update", tcpState.established, 0x4d0b1e51, 1],
    ["update", tcpState.finWait, 0x4d0b1e51, 1],
  ]);
  const [sent = 0, answered = 0] = events.map((event) => event?.stampUs ?? 0);
  expect(answered - sent).toBeCloseTo((0x2e67038b - 0x2e66422c) / 1000, 0);
});

test("a refused open is the end of a connection in the state closed; a reset is a change of its state", () => {
  expect(read(recorded.refusedNew)).toMatchObject({ what: "new", markId: 2, id: 0x825d2b37 });
  expect(read(recorded.refused)).toMatchObject({ what: "destroy", state: tcpState.close, markId: 2, id: 0x825d2b37 });
  expect(read(recorded.reset)).toMatchObject({ what: "update", state: tcpState.close, markId: 1 });
});

test("what is not of TCP, or carries no mark of ours, is nothing", () => {
  expect(read(recorded.udp)).toBeNull();
  expect(read(recorded.new, 0x52)).toBeNull();
  const other = Buffer.from(recorded.new);
  other.writeUInt8(10, 5);
  expect(read(other)).toBeNull();
});

test("an event without the kernel's stamp has none", () => {
  const bytes = Buffer.from(recorded.new);
  expect(read(bytes.subarray(0, bytes.length - 12))).toMatchObject({ what: "new", markId: 1, stampUs: null });
});

test("a message cut short or with wrong lengths gives no made-up event", () => {
  const whole = read(recorded.new);
  for (let length = 0; length < recorded.new.length; length++) {
    const event = read(recorded.new.subarray(0, length));
    if (event !== null) expect({ ...event, stampUs: whole?.stampUs }).toEqual(whole);
  }
  for (let at = 20; at < recorded.new.length; at++) {
    const bytes = Buffer.from(recorded.new);
    bytes.writeUInt8(255, at);
    expect(() => read(bytes)).not.toThrow();
  }
});
