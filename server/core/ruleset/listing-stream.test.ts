import fc from "fast-check";
import { expect, it } from "vitest";
import type { Json } from "./listing-json.ts";
import { ListingStream } from "./listing-stream.ts";

const word = fc.string({ maxLength: 6 });
const element = fc.oneof(
  word,
  fc.integer(),
  fc.tuple(word, fc.record({ goto: fc.record({ target: word }) })),
  fc.record({ elem: fc.record({ val: fc.oneof(word, fc.integer()), counter: fc.record({ packets: fc.nat() }) }) }),
  fc.record({ concat: fc.array(word, { maxLength: 3 }) }),
);
const set = fc.record(
  { family: fc.constant("inet"), name: word, type: fc.array(word, { maxLength: 2 }), elem: fc.array(element) },
  { requiredKeys: ["family", "name"] },
);
const rule = fc.record({ chain: word, expr: fc.array(fc.record({ elem: fc.array(element, { maxLength: 2 }) })) });
const item = fc.oneof(
  fc.record({ set }),
  fc.record({ map: set }),
  fc.record({ rule }),
  fc.record({ table: fc.record({ name: word }) }),
);

type Heard = { item: Json; elements: unknown[] };

function heard(pieces: readonly string[]) {
  const items: Heard[] = [];
  const stream = new ListingStream({
    item: (each) => void items.push({ item: each, elements: [] }),
    element: (each) => void items.at(-1)?.elements.push(each),
  });
  for (const piece of pieces) stream.feed(piece);
  return { items, isWhole: stream.end() };
}

/** An object with the elements it was heard with. */
function joined({ item: each, elements }: Heard): unknown {
  for (const kind of ["set", "map"]) {
    const object = each[kind];
    if (typeof object === "object" && object !== null && "elem" in object)
      return { ...each, [kind]: { ...object, elem: elements } };
  }
  return each;
}

it("hears of a listing the same as who parses it whole, wherever it is cut", () => {
  fc.assert(
    fc.property(
      fc.array(item),
      fc.nat(3),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      (items, indent, cuts) => {
        const text = JSON.stringify({ nftables: items }, null, indent);
        const pieces: string[] = [];
        for (let at = 0, n = 0; at < text.length; n++) {
          const size = cuts[n % cuts.length] ?? 1;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        const { items: found, isWhole } = heard(pieces);
        expect(isWhole).toBe(true);
        expect(found.map(joined)).toEqual(JSON.parse(text).nftables);
      },
    ),
  );
});

it("says so when a listing is cut off, broken, or none", () => {
  const text = '{"nftables": [{"set": {"name": "bin", "elem": [1, 2]}}]}';
  expect(heard([text]).isWhole).toBe(true);
  for (let length = 0; length < text.length; length++) expect(heard([text.slice(0, length)]).isWhole).toBe(false);
  for (const other of ["", "[]", '{"other": []}', '{"nftables": [{"set": {"name": "bin", "elem": [1, x]}}]}', "Error"])
    expect(heard([other]).isWhole, other).toBe(false);
});
