/** How nf_tables says elements of maps and sets: the numbers of its attributes, and a list of elements in a message that is being written. */
import { tableName } from "../core/ruleset/model.ts";
import type { ElementForm } from "./element-bytes.ts";
import type { MessageWriter } from "./message-writer.ts";

/** NFNL_SUBSYS_NFTABLES: the upper byte of a message's type */
export const subsystem = 10;
export const newElements = (subsystem << 8) | 12;
export const getElements = (subsystem << 8) | 13;
export const deleteElements = (subsystem << 8) | 14;
export const familyInet = 1;
const listTable = 1;
const listSet = 2;
export const listElements = 3;
export const listElement = 1;
export const elementKey = 1;
export const elementData = 2;
export const dataValue = 1;

/** Of a map or set of our table inet; data null = the key alone says which. */
export function writeElements(
  writer: MessageWriter,
  object: string,
  form: ElementForm,
  items: readonly (readonly [string, string | null])[],
): void {
  writer.text(listTable, tableName);
  writer.text(listSet, object);
  const list = writer.begin(listElements);
  for (const [key, data] of items) {
    const element = writer.begin(listElement);
    writeValue(writer, elementKey, form.key(key));
    if (data !== null && form.data !== null) writeValue(writer, elementData, form.data(data));
    writer.end(element);
  }
  writer.end(list);
}

function writeValue(writer: MessageWriter, type: number, value: Uint8Array | number): void {
  const start = writer.begin(type);
  writer.data(dataValue, value);
  writer.end(start);
}
