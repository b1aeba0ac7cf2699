/** The little HTTP/1.1 the lab's clients speak: one GET, one answer with a content-length and a JSON body. */
import * as z from "zod/mini";

const answerSchema = z.object({ backend: z.string(), client: z.string() });
/** a page that a backend sends without end */
export const streamPath = "/stream";
export type Answer = z.output<typeof answerSchema>;

export function requestText(address: string, port: number, isLast: boolean, path = "/"): string {
  const host = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
  return `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: ${isLast ? "close" : "keep-alive"}\r\n\r\n`;
}

/** The answer in `text` once it is whole, the failure it says, or null while more must come. */
export function readAnswer(text: string): { answer: Answer | null; error: string | null; rest: string } | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const length = Number(/content-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? "0");
  if (text.length < end + 4 + length) return null;
  const status = Number(text.slice(9, 12));
  const rest = text.slice(end + 4 + length);
  if (status !== 200) return { answer: null, error: `http ${status}`, rest };
  return { ...readIdentity(text.slice(end + 4, end + 4 + length)), rest };
}

export function readIdentity(text: string): { answer: Answer | null; error: string | null } {
  try {
    const parsed = answerSchema.safeParse(JSON.parse(text));
    return parsed.success ? { answer: parsed.data, error: null } : { answer: null, error: "not a lab backend" };
  } catch {
    return { answer: null, error: "not a lab backend" };
  }
}
