/**
 * The socket that edits rules. The kernel works a batch off while it is sent, and its answers wait when the call returns: a
 * batch of a few hundred elements takes a tenth of a millisecond, unless somebody else's transaction is under way, which it waits for.
 */
import type { EditBatch } from "./edit-batch.ts";
import { type Libc, msgDontWait, openNetfilter } from "./libc.ts";
import { rulesQuestion } from "./netlink-messages.ts";
import { type ListedRule, readRules } from "./rule-dump.ts";

/** "unknown": it was sent, and no answer came. "refused": nothing of it was done, the reason does not matter. */
export type BatchAnswer = "applied" | "refused" | "unknown";

type AskAnswer = "done" | "absent" | "unknown";

export type RuleSocket = {
  /** the rules of a chain of an inet table, in their order; null = the kernel does not say */
  list(table: string, chain: string): ListedRule[] | null;
  commit(batch: EditBatch): BatchAnswer;
  /** a question that the kernel answers by messages and a receipt; "absent": something in it is not there */
  ask(question: (sequence: number) => Uint8Array, onAnswer: (message: Uint8Array) => void): AskAnswer;
  close(): void;
};

const errorMessage = 2;
const headerBytes = 16;
const errorBytes = 4;
const answerBytes = 64 * 1024;
/** a farm's chain has some tens of rules; one piece holds about a hundred */
const piecesMax = 64;
/** apart from those of batches, which begin at 1 each: what waits in the socket is thrown away before */
const listingSequence = 0x5a5a5a5a;
const askSequence = 0x5a5a5a5b;
const notThere = -2;

export function openRuleSocket(libc: Libc): RuleSocket | null {
  const fd = openNetfilter(libc);
  if (fd < 0) return null;
  const answer = new Uint8Array(answerBytes);
  const receive = (flags: number) => {
    const length = libc.recv(fd, answer, answer.byteLength, flags);
    return length > 0 ? answer.subarray(0, Math.min(length, answer.byteLength)) : null;
  };
  const clear = () => {
    while (receive(msgDontWait) !== null);
  };
  const send = (bytes: Uint8Array) => libc.send(fd, bytes, bytes.byteLength, 0) === bytes.byteLength;
  return {
    list: (table, chain) => {
      clear();
      if (!send(rulesQuestion(listingSequence, table, chain))) return null;
      const rules: ListedRule[] = [];
      for (let pieces = 0; pieces < piecesMax; pieces++) {
        const piece = receive(0);
        const state = piece === null ? "failed" : readRules(piece, listingSequence, rules);
        if (state !== "more") return state === "end" ? rules : null;
      }
      return null;
    },
    commit: (batch) => {
      clear();
      if (!send(batch.bytes)) return "refused";
      let found: BatchAnswer = "unknown";
      for (let said = receive(msgDontWait); said !== null; said = receive(msgDontWait))
        found = worse(found, answerOf(said, batch));
      return found;
    },
    ask: (question, onAnswer) => {
      clear();
      if (!send(question(askSequence))) return "unknown";
      for (let said = receive(0); said !== null; said = receive(0)) {
        const end = endOf(said, askSequence);
        if (end !== null) return end;
        onAnswer(said);
      }
      return "unknown";
    },
    close: () => void libc.close(fd),
  };
}

/** null: not its end, but an answer. */
function endOf(message: Uint8Array, sequence: number): AskAnswer | null {
  if (message.byteLength < headerBytes + errorBytes) return "unknown";
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  if (view.getUint32(8, true) !== sequence) return "unknown";
  if (view.getUint16(4, true) !== errorMessage) return null;
  const code = view.getInt32(headerBytes, true);
  if (code === 0) return "done";
  return code === notThere ? "absent" : "unknown";
}

/** What one message says of the batch; several errors may come, and the receipt beside them. Exported for its test. */
export function answerOf(message: Uint8Array, { first, last, receipt }: EditBatch): BatchAnswer {
  if (message.byteLength < headerBytes + errorBytes) return "unknown";
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const sequence = view.getUint32(8, true);
  if (view.getUint16(4, true) !== errorMessage || sequence < first || sequence > last) return "unknown";
  if (view.getInt32(headerBytes, true) !== 0) return "refused";
  return sequence === receipt ? "applied" : "unknown";
}

function worse(a: BatchAnswer, b: BatchAnswer): BatchAnswer {
  if (a === "refused" || b === "refused") return "refused";
  return a === "applied" || b === "applied" ? "applied" : "unknown";
}
