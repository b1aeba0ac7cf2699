/**
 * Whether elements are in the kernel as they were written, asked for by their keys: what a proof costs follows from what was changed, while a
 * listing of a hundred thousand slots takes nft half a second. Only maps and sets of plain values; of the others nothing is said here.
 */
import { isNetdev } from "../core/ruleset/model.ts";
import { type ElementForm, elementForm } from "./element-bytes.ts";
import {
  dataValue,
  elementData,
  elementKey,
  familyInet,
  getElements,
  listElement,
  listElements,
  newElements,
  writeElements,
} from "./element-messages.ts";
import { MessageWriter } from "./message-writer.ts";
import { attributeAt, attributeBytes, attributeEnd, headerBytes, nfgenBytes, viewOf } from "./netlink-read.ts";
import type { RuleSocket } from "./rule-socket.ts";

/** Key and data as nft text ("" in a set); null = there shall be none. */
export type ProvenElement = readonly [key: string, data: string | null];
export type ElementProof = (object: string, elements: readonly ProvenElement[]) => "same" | "differ" | "unknown";

const requestFlag = 0x1;
const ackFlag = 0x4;
const headBytes = headerBytes + nfgenBytes;

/** Asks for at most `proofMax` at once: each answer is a message of its own, and the socket holds some 270. */
export const proofMax = 128;

export function createElementProof(socket: Pick<RuleSocket, "ask">): ElementProof {
  return (object, elements) => {
    const form = isNetdev(object) ? null : elementForm(object);
    if (form === null) return "unknown";
    const there: (readonly [string, string])[] = [];
    for (const [key, data] of elements) {
      if (data !== null) there.push([key, data]);
      else {
        const answer = socket.ask(
          (sequence) => question(sequence, object, form, [key]),
          () => undefined,
        );
        if (answer !== "absent") return answer === "done" ? "differ" : "unknown";
      }
    }
    return there.length === 0 ? "same" : ask(socket, object, form, there);
  };
}

function ask(
  socket: Pick<RuleSocket, "ask">,
  object: string,
  form: ElementForm,
  there: readonly (readonly [string, string])[],
): ReturnType<ElementProof> {
  const keys = there.map(([key]) => key);
  let isSame = true;
  let at = 0;
  const answer = socket.ask(
    (sequence) => question(sequence, object, form, keys),
    (message) => {
      const wanted = there[at++];
      isSame &&= wanted !== undefined && isElement(message, form, wanted);
    },
  );
  if (answer === "unknown") return "unknown";
  return answer === "done" && isSame && at === there.length ? "same" : "differ";
}

function question(sequence: number, object: string, form: ElementForm, keys: readonly string[]): Uint8Array {
  const writer = new MessageWriter();
  const items = keys.map((key) => [key, null] as const);
  writer.message({ type: getElements, flags: requestFlag | ackFlag, sequence, family: familyInet }, () =>
    writeElements(writer, object, form, items),
  );
  return writer.bytes();
}

/** The one element in a message is this. Answers come in the order of the keys, a message each: nothing is made for one that is thrown away. */
function isElement(message: Uint8Array, form: ElementForm, [key, data]: readonly [string, string]): boolean {
  const view = viewOf(message);
  if (view.byteLength < headBytes || view.getUint16(4, true) !== newElements) return false;
  const list = attributeAt(view, headBytes, view.byteLength, listElements);
  const element = within(view, list, listElement);
  if (!isValue(view, within(view, within(view, element, elementKey), dataValue), form.key(key))) return false;
  const value = within(view, within(view, element, elementData), dataValue);
  return form.data === null ? value < 0 : isValue(view, value, form.data(data));
}

/** Where the attribute at `at` has one of this type; -1 = one of both is not there. */
function within(view: DataView, at: number, type: number): number {
  return at < 0 ? -1 : attributeAt(view, at + attributeBytes, attributeEnd(view, at), type);
}

/** Marks are in the order of the machine. */
function isValue(view: DataView, at: number, value: Uint8Array | number): boolean {
  if (at < 0) return false;
  const start = at + attributeBytes;
  const length = attributeEnd(view, at) - start;
  if (typeof value === "number") return length === markBytes && view.getUint32(start, true) === value;
  return length === value.byteLength && value.every((byte, place) => view.getUint8(start + place) === byte);
}

const markBytes = 4;
