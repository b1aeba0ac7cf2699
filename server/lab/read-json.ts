/** The whole answer of a request as JSON. Rejects when it is cut, as by a process that is killed while it answers, or is no JSON. */
import type { IncomingMessage } from "node:http";

export async function readJson(response: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  return text === "" ? null : (JSON.parse(text) as unknown);
}
