import { describe, expect, test } from "vitest";
import { type Edit, editBatch } from "./edit-batch.ts";
import { elementForm } from "./element-bytes.ts";
import { attributesIn } from "./netlink-read.ts";
import { answerOf } from "./rule-socket.ts";

/** The messages of a batch: type, flags, family and attributes. */
function messagesIn(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { type: number; flags: number; sequence: number; family: number; body: Uint8Array }[] = [];
  for (let at = 0; at < bytes.byteLength; at += view.getUint32(at, true)) {
    const end = at + view.getUint32(at, true);
    const [type, flags] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
    const sequence = view.getUint32(at + 8, true);
    found.push({ type, flags, sequence, family: view.getUint8(at + 16), body: bytes.subarray(at + 20, end) });
  }
  return found;
}

function form(object: string) {
  const found = elementForm(object);
  if (found === null) throw new Error(`${object} cannot be said`);
  return found;
}

function adding(object: string, ...elements: readonly (readonly [string, string])[]): Edit {
  return { type: "add", object, form: form(object), elements };
}

/** hex of one attribute's content, beside the table and the name */
function listOf(edit: Edit): string {
  const body = messagesIn(editBatch([edit], 7).bytes)[1]?.body ?? new Uint8Array();
  const list = attributesIn(body).find(({ type }) => type === 3);
  return Buffer.from(body.subarray(list?.start, list?.end)).toString("hex");
}

describe("elements are the bytes that nft 1.0.6 sends for the same text", () => {
  test.each<[string, Edit, string]>([
    [
      "slots: marks in the order of the machine",
      adding("slots", ["0xd1000000", "0x51000001"], ["0xd1000001", "0x51000002"]),
      "1c0001800c000180080001000000 00d10c000280080001000100 0051" +
        "1c0002800c000180080001000100 00d10c000280080001000200 0051",
    ],
    [
      "addresses with ports: a port fills four bytes",
      adding("be4", ["0x51000001", "10.20.1.2 . 8080"]),
      "200001800c00018008000100010000511000028 00c0001000a1401021f900000",
    ],
    [
      "a set of IPv6 addresses",
      adding("members6", ["2001:db8::1", ""]),
      "1c0001801800018014000100 20010db8000000000000000000000001",
    ],
    [
      "what goes is named by its key",
      { type: "delete", object: "slots", form: form("slots"), keys: ["0xd1000001"] },
      "100001800c00018008000100010000d1",
    ],
  ])("%s", (_, edit, hex) => {
    // nft numbers the elements of a list, which the kernel does not look at
    const unnumbered = (text: string) =>
      text.replace(/^(..)00..(00|80)/, "$100xx80").replace(/1c000[12]80/g, "1c00xx80");
    expect(unnumbered(listOf(edit))).toBe(unnumbered(hex.replaceAll(" ", "")));
  });
});

test("a batch is bound to its generation, and asks for one receipt", () => {
  const batch = editBatch(
    [adding("masq", ["0x51000001", ""]), adding("slots", ["0xd1000000", "0x51000001"])],
    0x01020304,
  );
  const messages = messagesIn(batch.bytes);
  expect(messages.map(({ type, family }) => [type, family])).toEqual([
    [0x10, 0],
    [0xa0c, 1],
    [0xa0c, 1],
    [0x11, 0],
  ]);
  expect(Buffer.from(messages[0]?.body ?? []).toString("hex")).toBe("0800010001020304");
  expect(messages.filter(({ flags }) => (flags & 4) !== 0).map(({ sequence }) => sequence)).toEqual([batch.receipt]);
  expect([batch.first, batch.last]).toEqual([1, 4]);
});

test("many elements become several messages, each within what a length can say", () => {
  const elements = Array.from(
    { length: 4000 },
    (_, at) => [`0xd10${(0x10000 + at).toString(16)}`, "0x51000001"] as const,
  );
  const messages = messagesIn(editBatch([adding("slots", ...elements)], 1).bytes).slice(1, -1);
  expect(messages.length).toBeGreaterThan(1);
  expect(Math.max(...messages.map(({ body }) => body.byteLength))).toBeLessThan(0xffff);
  const lists = messages.flatMap(({ body }) => attributesIn(body).filter(({ type }) => type === 3));
  const told = messages.reduce(
    (sum, { body }, at) => sum + attributesIn(body, lists[at]?.start, lists[at]?.end).length,
    0,
  );
  expect(told).toBe(4000);
});

test("only maps and sets of plain values can be said", () => {
  const said = (object: string) => elementForm(object) !== null;
  expect(["slots", "be4", "ba6", "bin", "masq", "members4", "snat6"].filter((object) => !said(object))).toEqual([]);
  expect(["svc4", "rng4", "sticky4", "turned", "qos", "dsr4", "unt4", "d_pin_1_4_abcd"].filter(said)).toEqual([]);
});

test("what the kernel answers: the receipt, an error of any message, or nothing of ours", () => {
  const batch = { bytes: new Uint8Array(), first: 1, last: 4, receipt: 3 };
  const answer = (type: number, sequence: number, code: number) => {
    const message = Buffer.alloc(36);
    message.writeUInt16LE(type, 4);
    message.writeUInt32LE(sequence, 8);
    message.writeInt32LE(code, 16);
    return answerOf(message, batch);
  };
  expect(answer(2, 3, 0)).toBe("applied");
  expect([answer(2, 2, -2), answer(2, 1, -85), answer(2, 3, -17)]).toEqual(["refused", "refused", "refused"]);
  expect([answer(2, 5, -2), answer(3, 3, 0), answer(2, 2, 0)]).toEqual(["unknown", "unknown", "unknown"]);
  expect(answerOf(new Uint8Array(8), batch)).toBe("unknown");
});
