/** Asks an agent of the backend (HAProxy's agent-check): it speaks first, one line. */
import type { Done, Place } from "../attempt.ts";
import { parseAgentLine } from "./agent-words.ts";
import { openSocket } from "./tcp.ts";

const lineBytesMax = 512;

export function checkAgent(place: Place, done: Done): void {
  let text = "";
  const { socket, attempt } = openSocket(place, done, () => undefined);
  socket.setEncoding("latin1");
  socket.on("data", (piece: string) => {
    if (attempt.isOver()) return;
    text += piece;
    const end = text.search(/[\r\n]/);
    if (end >= 0) judge(text.slice(0, end));
    else if (text.length > lineBytesMax) attempt.bad("malformed", "its line is too long");
  });
  socket.on("end", () => {
    if (attempt.isOver()) return;
    if (text.trim() === "") attempt.bad("closed", "closed without a word");
    else judge(text);
  });

  function judge(line: string): void {
    const parsed = parseAgentLine(line.slice(0, lineBytesMax));
    if (parsed === null) {
      attempt.bad("malformed", "the answer has no word of an agent-check");
      return;
    }
    const { isUp, word, seen, description } = parsed;
    const said = [word, seen.wish, seen.weightPct === undefined ? "" : `${seen.weightPct}%`, description];
    const text = said.filter((part) => part !== undefined && part !== "").join(", ");
    if (isUp === false) attempt.bad("unhealthy", `says ${text}`, seen);
    else attempt.good(text === "" ? "" : `says ${text}`, seen);
  }
}
