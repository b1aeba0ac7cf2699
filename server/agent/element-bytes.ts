/**
 * Keys and data of elements as the kernel keeps them: marks in the order of the machine, addresses and ports in network order, each part of a
 * concatenation padded to four bytes. Only maps and sets of plain values: ranges, verdicts and what the kernel fills by itself are nft's to write.
 */
import { addressBytes } from "../core/explain/address-bytes.ts";
import { isNetdev, type ObjectName, objectNames } from "../core/ruleset/model.ts";
import { objects } from "../core/ruleset/parts/skeleton.ts";

/** A mark is a number (MessageWriter.data). */
type ElementValue = Uint8Array | number;

export type ElementForm = {
  readonly key: (text: string) => ElementValue;
  /** null: a set */
  readonly data: ((text: string) => ElementValue) | null;
};

/** null: its elements cannot be said here */
export function elementForm(object: string): ElementForm | null {
  return forms.get(object) ?? null;
}

const parts: Readonly<Record<string, (text: string) => readonly number[]>> = {
  ipv4_addr: (text) => [...addressBytes(text)],
  ipv6_addr: (text) => [...addressBytes(text)],
  inet_service: (text) => [Number(text) >> 8, Number(text) & 255, 0, 0],
};

const forms: ReadonlyMap<string, ElementForm> = new Map(
  objectNames.flatMap((name) => {
    const form = formOf(name);
    return form === null ? [] : [[name, form] as const];
  }),
);

function formOf(name: ObjectName): ElementForm | null {
  const { type, options } = objects[name];
  if (isNetdev(name) || options.some((option) => option !== "counter")) return null;
  const [key = "", data] = type.split(" : ").map(valueForm);
  if (typeof key !== "function" || data === null) return null;
  return { key, data: data ?? null };
}

function valueForm(type: string): ((text: string) => ElementValue) | null {
  if (type === "mark") return (text) => Number.parseInt(text, 16);
  const fields = type.split(" . ").map((field) => parts[field]);
  if (fields.some((field) => field === undefined)) return null;
  return (text) => Uint8Array.from(text.split(" . ").flatMap((field, at) => fields[at]?.(field) ?? []));
}
