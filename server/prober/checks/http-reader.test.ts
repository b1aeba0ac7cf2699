import fc from "fast-check";
import { expect, test } from "vitest";
import { createHttpReader, type Verdict } from "./http-reader.ts";
import { requestText } from "./http-request.ts";
import { createTextSearch } from "./text-search.ts";

/** The verdict and the body when an answer comes in these pieces and the other end then closes. */
function read(bytes: Buffer, cuts: readonly number[], bodyBytesMax = 1000): { verdict: Verdict; body: string } {
  let body = "";
  const reader = createHttpReader({
    isHead: false,
    bodyBytesMax,
    onBody: (piece) => {
      body += piece.toString("latin1");
      return false;
    },
  });
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let at = 1; at < places.length; at++) {
    const verdict = reader.push(bytes.subarray(places[at - 1], places[at]));
    if (verdict !== null) return { verdict, body };
  }
  return { verdict: reader.end(), body };
}

const answers = [
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\nX: y\r\n\r\n",
  "HTTP/1.0 200 OK\r\n\r\nhello",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello and more",
];

test("an answer reads the same in whatever pieces it comes", () => {
  fc.assert(
    fc.property(fc.constantFrom(...answers), fc.array(fc.nat(200), { maxLength: 8 }), (answer, cuts) => {
      const { verdict, body } = read(Buffer.from(answer), cuts);
      expect(verdict).toEqual({ kind: "answer", status: 200, isWhole: true });
      expect(body).toBe("hello");
    }),
  );
});

test("no bytes make the reader throw, and no body goes beyond its bound", () => {
  const start = fc.constantFrom("", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(start, bytes, fc.array(fc.nat(300), { maxLength: 4 }), (head, rest, cuts) => {
      const { verdict, body } = read(Buffer.concat([Buffer.from(head), rest]), cuts, 50);
      expect(["answer", "malformed", "closed"]).toContain(verdict.kind);
      expect(body.length).toBeLessThanOrEqual(50);
    }),
  );
});

test("a text is found wherever the pieces are cut", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 4 });
  const page = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 30 });
  fc.assert(
    fc.property(page, word, fc.array(fc.nat(30), { maxLength: 10 }), (text, wanted, cuts) => {
      const search = createTextSearch(wanted);
      const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
      for (let at = 1; at < places.length; at++)
        search.push(Buffer.from(text.slice(places[at - 1], places[at]), "latin1"));
      expect(search.isFound()).toBe(text.includes(wanted));
    }),
  );
});

test("the request closes, names the host, and leaves its framing to nobody", () => {
  const request = { method: "GET", path: "/health?a=1", host: null, headers: [] } as const;
  expect(requestText(request, "fd00::1", 8080, 80)).toBe(
    "GET /health?a=1 HTTP/1.1\r\nHost: [fd00::1]:8080\r\nUser-Agent: sluice-check\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n",
  );
  expect(requestText({ ...request, host: "shop.example" }, "10.0.0.1", 80, 80)).toContain("\r\nHost: shop.example\r\n");
  const headers = [
    { name: "HOST", value: "own.example" },
    { name: "Content-Length", value: "5" },
    { name: "Transfer-Encoding", value: "chunked" },
  ];
  const own = requestText({ ...request, headers }, "10.0.0.1", 80, 80);
  expect(own).toContain("\r\nHOST: own.example\r\n");
  expect(own).not.toMatch(/Content-Length|Transfer-Encoding|Host:/);
});
