/**
 * An answer of HTTP/1.1 as it comes, read by hand because the other end may be hostile: every part has its bound, nothing is kept but the
 * head and the piece of a line, no redirect is followed and nothing is unpacked. Trailers are not read.
 */

export type Verdict =
  /** `isWhole` false = the body went on beyond its bound or was not wanted any more */
  | { readonly kind: "answer"; readonly status: number; readonly isWhole: boolean }
  | { readonly kind: "malformed"; readonly text: string }
  | { readonly kind: "closed"; readonly text: string };

export type HttpReader = {
  /** null = more is needed */
  push(chunk: Buffer): Verdict | null;
  /** the other end has closed */
  end(): Verdict;
};

export type HttpReaderOptions = {
  readonly isHead: boolean;
  readonly bodyBytesMax: number;
  /** takes the body piece by piece, true = seen enough; null = the body is not read */
  readonly onBody: ((piece: Buffer) => boolean) | null;
};

const headBytesMax = 16_384;
const interimMax = 4;
const chunkLineBytesMax = 1024;

type State = {
  at: "head" | "length" | "chunk-size" | "chunk-data" | "chunk-end" | "close";
  status: number;
  /** what is left of the body, or of the chunk */
  left: number;
  taken: number;
  interim: number;
  rest: Buffer;
};

export function createHttpReader(options: HttpReaderOptions): HttpReader {
  const state: State = { at: "head", status: 0, left: 0, taken: 0, interim: 0, rest: Buffer.alloc(0) };
  return {
    push(chunk) {
      state.rest = state.rest.length === 0 ? chunk : Buffer.concat([state.rest, chunk]);
      for (;;) {
        const before = state.rest.length;
        const at = state.at;
        const verdict = step(state, options);
        if (verdict !== null) return verdict;
        if (state.rest.length === before && state.at === at) return null;
      }
    },
    end() {
      if (state.at === "close") return answer(state, true);
      return { kind: "closed", text: `closed in the middle of ${state.at === "head" ? "its headers" : "its body"}` };
    },
  };
}

function step(state: State, options: HttpReaderOptions): Verdict | null {
  switch (state.at) {
    case "head":
      return readHead(state, options);
    case "chunk-size":
      return readChunkSize(state);
    case "chunk-end":
      return readChunkEnd(state);
    default:
      return readBody(state, options);
  }
}

function readHead(state: State, options: HttpReaderOptions): Verdict | null {
  if (state.rest.length > 0 && !couldBeHttp(state.rest)) return malformed("the answer is not HTTP");
  const end = state.rest.indexOf("\r\n\r\n");
  if (end < 0 || end > headBytesMax) {
    if (end > headBytesMax || state.rest.length > headBytesMax) return malformed("its headers are too long");
    return null;
  }
  const [first = "", ...lines] = state.rest.toString("latin1", 0, end).split("\r\n");
  const status = /^HTTP\/1\.[01] ([1-5][0-9]{2})( |$)/.exec(first)?.[1];
  if (status === undefined) return malformed("the answer is not HTTP");
  state.rest = state.rest.subarray(end + 4);
  state.status = Number(status);
  if (state.status < 200) return readInterim(state);
  if (options.onBody === null || options.isHead || state.status === 204 || state.status === 304)
    return answer(state, true);
  return beginBody(state, lines);
}

function couldBeHttp(head: Buffer): boolean {
  const start = head.toString("latin1", 0, 7);
  return "HTTP/1.".startsWith(start);
}

function readInterim(state: State): Verdict | null {
  state.interim += 1;
  // 101 would be another protocol, and nobody asked for one
  if (state.status === 101 || state.interim > interimMax) return malformed("the answer does not begin");
  return null;
}

function beginBody(state: State, lines: readonly string[]): Verdict | null {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const at = line.indexOf(":");
    if (at <= 0) return malformed("its headers are not HTTP");
    headers.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).trim());
  }
  const coding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (coding !== undefined) {
    if (coding.toLowerCase() !== "chunked") return malformed("its transfer encoding is not known");
    state.at = "chunk-size";
  } else if (length !== undefined) {
    if (!/^[0-9]{1,15}$/.test(length)) return malformed("its content length is not a number");
    state.left = Number(length);
    state.at = "length";
    if (state.left === 0) return answer(state, true);
  } else {
    state.left = Number.MAX_SAFE_INTEGER;
    state.at = "close";
  }
  return null;
}

function readChunkSize(state: State): Verdict | null {
  const end = state.rest.indexOf("\r\n");
  if (end < 0 || end > chunkLineBytesMax)
    return end > chunkLineBytesMax || state.rest.length > chunkLineBytesMax ? malformed("a chunk is not HTTP") : null;
  const size = /^([0-9a-fA-F]{1,8})[ \t]*(;|$)/.exec(state.rest.toString("latin1", 0, end))?.[1];
  if (size === undefined) return malformed("a chunk is not HTTP");
  state.rest = state.rest.subarray(end + 2);
  state.left = Number.parseInt(size, 16);
  if (state.left === 0) return answer(state, true);
  state.at = "chunk-data";
  return null;
}

function readChunkEnd(state: State): Verdict | null {
  if (state.rest.length < 2) return null;
  if (state.rest[0] !== 13 || state.rest[1] !== 10) return malformed("a chunk is not HTTP");
  state.rest = state.rest.subarray(2);
  state.at = "chunk-size";
  return null;
}

function readBody(state: State, { bodyBytesMax, onBody }: HttpReaderOptions): Verdict | null {
  const size = Math.min(state.rest.length, state.left, bodyBytesMax - state.taken);
  const piece = state.rest.subarray(0, size);
  state.rest = state.rest.subarray(size);
  state.left -= size;
  state.taken += size;
  if (size > 0 && onBody?.(piece)) return answer(state, false);
  if (state.left === 0 && state.at === "length") return answer(state, true);
  if (state.taken >= bodyBytesMax) return answer(state, false);
  if (state.left === 0) state.at = "chunk-end";
  return null;
}

function answer({ status }: State, isWhole: boolean): Verdict {
  return { kind: "answer", status, isWhole };
}

function malformed(text: string): Verdict {
  return { kind: "malformed", text };
}
