/**
 * The live stream's readers. A line is made once and written to all; who reads too slowly is dropped, because a reader that comes
 * back gets everything anew, and a buffer without bound would take the agent down.
 */
import type { StreamLine } from "../wire/stream.ts";

type Reader = {
  write(line: string): void;
  /** bytes not yet taken by the reader */
  backlogBytes(): number;
  drop(): void;
};

export type Hub = {
  add(reader: Reader, hello: StreamLine): () => void;
  send(message: StreamLine): void;
  size(): number;
  close(): void;
};

export const backlogBytesMax = 16 * 1024 * 1024;
export const readersMax = 16;

export function createHub(log: (event: string) => void): Hub {
  const readers = new Set<Reader>();
  return {
    add(reader, hello) {
      if (readers.size >= readersMax) {
        reader.drop();
        return () => undefined;
      }
      reader.write(`${JSON.stringify(hello)}\n`);
      readers.add(reader);
      return () => readers.delete(reader);
    },
    send(message) {
      if (readers.size === 0) return;
      const line = `${JSON.stringify(message)}\n`;
      for (const reader of readers) {
        if (reader.backlogBytes() > backlogBytesMax) {
          readers.delete(reader);
          reader.drop();
          log("slow-reader-dropped");
        } else reader.write(line);
      }
    },
    size: () => readers.size,
    close() {
      for (const reader of readers) reader.drop();
      readers.clear();
    },
  };
}
