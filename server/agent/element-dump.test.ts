import { expect, test } from "vitest";
import { createCounterDump } from "./counter-dump.ts";
import { readElements } from "./element-dump.ts";

/** Two pieces as kernel 6.18 gave them: marks 0x51000002, 5 and 0x51000001 with counters, then an empty list and the end. */
const first = Buffer.from(
  "e00000000c0a0200010000005e3d19ad010000020b000100736c7569636500000800020062696e00b80003003c0001000c00010008000100020000512c0007000c000100636f756e746572001c0002000c00010000000000000000050c00020000000001000000013c0001000c00010008000100050000002c0007000c000100636f756e746572001c0002000c00010000000000000000000c00020000000000000000003c0001000c00010008000100010000512c0007000c000100636f756e746572001c0002000c00010000000000000002bc0c0002000000000000000007",
  "hex",
);
const last = Buffer.from(
  "2c0000000c0a0200010000005e3d19ad010000020b000100736c7569636500000800020062696e00040003001400000003000200010000005e3d19ad00000000",
  "hex",
);

function read(piece: Uint8Array, sequence = 1) {
  const elements: [number, number, number][] = [];
  const state = readElements(piece, sequence, (...element) => elements.push(element));
  return { state, elements };
}

test("elements are read with their counters, beyond 32 bits too, until the end", () => {
  expect(read(first)).toEqual({
    state: "more",
    elements: [
      [0x51000002, 4_294_967_297, 5],
      [5, 0, 0],
      [0x51000001, 7, 700],
    ],
  });
  expect(read(last)).toEqual({ state: "end", elements: [] });
});

test("a piece of another question, a refusal, and one cut short give no made-up element", () => {
  expect(read(first, 2)).toEqual({ state: "failed", elements: [] });
  const refusal = Buffer.alloc(36);
  refusal.writeUInt32LE(36, 0);
  refusal.writeUInt16LE(2, 4);
  refusal.writeUInt32LE(1, 8);
  expect(read(refusal).state).toBe("failed");
  const whole = new Set(read(first).elements.map(String));
  for (let length = 0; length < first.length; length++) {
    const { state, elements } = read(first.subarray(0, length));
    expect(state).not.toBe("end");
    expect(elements.every((element) => whole.has(String(element)))).toBe(true);
  }
});

test("an end that carries an error is none: the set was deleted while it was listed", () => {
  const broken = Buffer.from(last);
  broken.writeInt32LE(-2, last.length - 4);
  expect(read(broken).state).toBe("failed");
});

test("lengths that lie do not read beyond the piece", () => {
  for (let at = 16; at < first.length; at++) {
    const odd = Buffer.from(first);
    odd[at] = 0xff;
    expect(["more", "failed"]).toContain(read(odd).state);
  }
});

/** A kernel that answers each question with these pieces, made for the sequence it gives. */
function kernel(pieces: readonly (Uint8Array | null)[]) {
  let rest: (Uint8Array | null)[] = [];
  let dropped = 0;
  const asked: string[] = [];
  return {
    asked,
    beginElements: (_: string, set: string) => {
      asked.push(set);
      rest = [...pieces];
      return 1;
    },
    nextElements: () => rest.shift() ?? null,
    dropElements: () => {
      dropped += 1;
    },
    dropped: () => dropped,
  };
}

const same = (from: number, to: number) => from === to;
const unhurried = { pause: () => Promise.resolve(), rest: () => Promise.resolve() };

test("counters of our ids only, one listing at a time", async () => {
  const netlink = kernel([first, last]);
  const dump = createCounterDump({ netlink, tag: 0x51, ...unhurried, isHarmless: same });
  const both = await Promise.all([dump("sluice", "bin"), dump("sluice", "bout")]);
  const counters = [
    [7, 700],
    [4_294_967_297, 5],
    [null, null],
  ];
  expect(both.map((each) => [1, 2, 3].map((id) => [each?.packets(id), each?.bytes(id)]))).toEqual([counters, counters]);
  expect([netlink.asked, netlink.dropped()]).toEqual([["bin", "bout"], 0]);
});

test("a listing without its end is none", async () => {
  const netlink = kernel([first, null]);
  const dump = createCounterDump({ netlink, tag: 0x51, ...unhurried, isHarmless: same });
  expect(await dump("sluice", "bin")).toBeNull();
  expect(netlink.dropped()).toBe(1);
});

test("elements that a transaction in the middle pushed out of the listing come with a second one", async () => {
  const moved = Buffer.from(last);
  moved.writeUInt16BE(3, 18);
  const whole = Buffer.from(first);
  whole.writeUInt16BE(3, 18);
  // an empty list of the generation before, then the end of the next one
  const beginning = Buffer.from(last.subarray(0, 44));
  const rounds = [
    [beginning, moved],
    [whole, moved],
  ];
  const netlink = kernel([]);
  let rest: Uint8Array[] = [];
  const dump = createCounterDump({
    netlink: {
      ...netlink,
      beginElements: () => {
        rest = rounds.shift() ?? [];
        return 1;
      },
      nextElements: () => rest.shift() ?? null,
    },
    tag: 0x51,
    ...unhurried,
    isHarmless: same,
  });
  const counters = await dump("sluice", "bin");
  expect([counters?.bytes(1), counters?.bytes(2), netlink.dropped()]).toEqual([700, 5, 0]);
});

test("a transaction in the middle that moved slots alone needs no second listing", async () => {
  const whole = Buffer.from(first);
  whole.writeUInt16BE(3, 18);
  const netlink = kernel([whole, last]);
  const dump = createCounterDump({ netlink, tag: 0x51, ...unhurried, isHarmless: () => true });
  const counters = await dump("sluice", "bin");
  expect([counters?.bytes(1), counters?.bytes(2), netlink.asked]).toEqual([700, 5, ["bin"]]);
});

test("a listing leaves the processor to others between its pieces, and a very long one only at its beginning", async () => {
  const netlink = kernel([...Array.from({ length: 60 }, () => first), last]);
  let rests = 0;
  const rest = async () => {
    rests += 1;
  };
  const dump = createCounterDump({ netlink, tag: 0x51, ...unhurried, rest, isHarmless: same });
  expect((await dump("sluice", "bin"))?.bytes(1)).toBe(700);
  expect(rests).toBe(40);
});

test("what rested looks whether a change began meanwhile before it asks for the next piece", async () => {
  const netlink = kernel([first, first, last]);
  const steps: string[] = [];
  const noting = (step: string) => async () => void steps.push(step);
  const nextElements = () => {
    steps.push("piece");
    return netlink.nextElements();
  };
  const asking = { ...netlink, nextElements };
  const hurried = { pause: noting("change first"), rest: noting("rest") };
  await createCounterDump({ netlink: asking, tag: 0x51, ...hurried, isHarmless: same })("sluice", "bin");
  expect(steps).toEqual(["piece", "rest", "change first", "piece", "rest", "change first", "piece"]);
});
