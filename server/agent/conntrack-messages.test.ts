import { expect, test } from "vitest";
import { flowsQuestion, readFlows, receiptIn, writeForget } from "./conntrack-messages.ts";
import { commonMark, type Flow, type FlowChoice, isChosen, isOpen, wholeMark } from "./flow-choice.ts";
import { recordedEnd, recordedFlows, recordedOrder } from "./flows-recorded.testing.ts";
import { MessageWriter } from "./message-writer.ts";

const choice: FlowChoice = { mark: 0x51000001, mask: wholeMark, protocols: null, states: null, destination: null };

function read(piece: Uint8Array, sequence = 1) {
  const flows: Flow[] = [];
  return { state: readFlows(piece, sequence, (flow) => flows.push(flow)), flows };
}

function chosen(more: Partial<FlowChoice>, address: Uint8Array | null = null): number[] {
  const { flows } = read(recordedFlows);
  return flows.flatMap((flow, at) => (isChosen(flow, { ...choice, ...more }, address) ? [at] : []));
}

test("a listing is read: protocol, port, state and mark of each, until the end", () => {
  const { state, flows } = read(recordedFlows);
  expect(state).toBe("more");
  expect(flows.map(({ family, protocol, port, state, mark }) => [family, protocol, port, state, mark])).toEqual([
    [2, 1, null, null, 0x51000001],
    [2, 6, 80, 1, 0x51000001],
    [2, 6, 80, 3, 0x51000001],
    [10, 17, 53, null, 0x51000001],
  ]);
  expect(flows.map(isOpen)).toEqual([false, false, true, false]);
  expect(read(recordedEnd)).toEqual({ state: "end", flows: [] });
});

test("what answers another question, is an error or was cut short is no listing, and never a made-up flow", () => {
  expect(read(recordedFlows, 2).state).toBe("failed");
  const refused = Buffer.from(recordedEnd);
  refused.writeInt32LE(-1, 16);
  expect(read(refused).state).toBe("failed");
  const marks = read(recordedFlows).flows.map(({ mark }) => mark);
  for (let length = 1; length < recordedFlows.length; length++) {
    const cut = read(recordedFlows.subarray(0, length));
    expect(cut.flows.map(({ mark }) => mark)).toEqual(marks.slice(0, cut.flows.length));
    expect(cut.flows.length).toBeLessThan(marks.length);
  }
  for (let at = 20; at < recordedFlows.length; at++) {
    const bytes = Buffer.from(recordedFlows);
    bytes.writeUInt8(255, at);
    expect(() => read(bytes)).not.toThrow();
  }
});

test("all that is said of a choice must fit", () => {
  expect(chosen({})).toEqual([0, 1, 2, 3]);
  expect(chosen({ mark: 0x51000002 })).toEqual([]);
  expect(chosen({ mark: 0, mask: 0x7f000000 })).toEqual([]);
  expect(chosen({ protocols: ["udp", "icmp"] })).toEqual([0, 3]);
  expect(chosen({ protocols: ["tcp"], states: ["CLOSE", "SYN_SENT"] })).toEqual([1]);
  const here = Uint8Array.of(10, 99, 0, 1);
  expect(chosen({ destination: { address: "10.99.0.1", port: null } }, here)).toEqual([0, 1, 2]);
  expect(chosen({ destination: { address: "10.99.0.1", port: 80 } }, here)).toEqual([1, 2]);
  expect(chosen({ destination: { address: "10.99.0.2", port: 80 } }, Uint8Array.of(10, 99, 0, 2))).toEqual([]);
});

test("one question serves several choices: it asks for the bits of the mark in which they agree", () => {
  expect(commonMark([choice])).toEqual({ mark: 0x51000001, mask: wholeMark });
  const two = commonMark([choice, { ...choice, mark: 0x51000002 }]);
  expect(two).toEqual({ mark: 0x51000000, mask: 0xfffffffc });
  expect(commonMark([choice, { ...choice, mark: 0, mask: 0x7f000000 }])).toEqual({ mark: 0, mask: 0x2e000000 });
  expect(Buffer.from(flowsQuestion(9, two)).toString("hex")).toBe(
    "2400000001010103090000000000000000000000080008005100000008001500fffffffc",
  );
});

test("a flow is forgotten by its addresses, its zone and the kernel's number of it", () => {
  const { flows } = read(recordedFlows);
  const order = (flow: Flow | undefined) => {
    const writer = new MessageWriter();
    if (flow !== undefined) writeForget(writer, flow, 1);
    return Buffer.from(writer.bytes()).toString("hex");
  };
  expect(order(flows[1])).toBe(recordedOrder.toString("hex"));
  // CTA_ZONE 7, then CTA_ID
  expect(order(flows[3])).toContain("060012000007000008000c005dfbe1e1");
});

test("a receipt says what became of an order; anything else is none", () => {
  const receipt = Buffer.alloc(36);
  receipt.writeUInt16LE(2, 4);
  receipt.writeUInt32LE(5, 8);
  receipt.writeInt32LE(-2, 16);
  expect(receiptIn(receipt)).toEqual({ sequence: 5, code: -2 });
  expect([receiptIn(receipt.subarray(0, 19)), receiptIn(recordedEnd)]).toEqual([null, null]);
});
