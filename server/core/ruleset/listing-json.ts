/** Reading `nft -j` output without trusting it: small guards, and elements as the text that compile writes. */
import { markText } from "../allocation/marks.ts";
import { deviceText, type ObjectName, objectNames } from "./model.ts";

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The items of a listing, or null when the text is none. */
export function listingItems(text: string): readonly Json[] | null {
  const parsed = parsedJson(text);
  if (!isJson(parsed) || !Array.isArray(parsed.nftables)) return null;
  return parsed.nftables.filter(isJson);
}

export function isObjectName(name: unknown): name is ObjectName {
  return objectNames.some((known) => known === name);
}

/** What the elements of a listed object look like. */
export type ElementShape = {
  readonly isMap: boolean;
  readonly hasMarkKeys: boolean;
  readonly hasMarkData: boolean;
  readonly hasDeviceData: boolean;
};

/** By the listing's own words: `{"map"|"set": {"type": "mark" | [...], "map": "mark" | ...}}`. */
export function shapeOf(kind: "map" | "set", object: Json): ElementShape {
  return {
    isMap: kind === "map",
    hasMarkKeys: object.type === "mark",
    hasMarkData: object.map === "mark",
    hasDeviceData: object.map === "iface_index",
  };
}

/** Key and data of one element as text ("" in a set), or null when it is of no form we write. */
export function elementText(shape: ElementShape, item: unknown): readonly [string, string] | null {
  if (!shape.isMap) {
    const key = valueText(bare(item), shape.hasMarkKeys);
    return key === null ? null : [key, ""];
  }
  if (!Array.isArray(item) || item.length !== 2) return null;
  const key = valueText(bare(item[0]), shape.hasMarkKeys);
  const data = valueText(item[1], shape.hasMarkData);
  return key === null || data === null ? null : [key, shape.hasDeviceData ? deviceText(data) : data];
}

/** The value of an element that may carry a counter. */
export function bare(item: unknown): unknown {
  return isJson(item) && isJson(item.elem) ? item.elem.val : item;
}

function valueText(value: unknown, isMark: boolean): string | null {
  if (typeof value === "number") return isMark ? markText(value) : String(value);
  if (typeof value === "string") return value;
  if (!isJson(value)) return null;
  const { concat } = value;
  if (Array.isArray(concat)) {
    const parts = concat.map((part, i) =>
      i === 1 && concat.length === dispatchKeyParts ? protocolText(part) : valueText(part, false),
    );
    return parts.includes(null) ? null : parts.join(" . ");
  }
  if (isJson(value.prefix)) return `${String(value.prefix.addr)}/${String(value.prefix.len)}`;
  if (Array.isArray(value.range)) return value.range.map(String).join("-");
  if (isJson(value.goto)) return `goto ${String(value.goto.target)}`;
  return null;
}

/** address . protocol . port: the only concatenation of three we write */
const dispatchKeyParts = 3;
const protocolNames: ReadonlyMap<unknown, string> = new Map([
  [6, "tcp"],
  [17, "udp"],
  [132, "sctp"],
]);

/** Where the system has no /etc/protocols, nft lists protocols as numbers. */
function protocolText(part: unknown): string | null {
  return protocolNames.get(part) ?? valueText(part, false);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
