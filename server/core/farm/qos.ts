/** Quality of service: code points by their names (RFC 2474, 2597, 3246, 8622) or numbers, and classes of tc as MAJOR:MINOR. */
import * as z from "zod/mini";

const dscpNames = [
  "cs0",
  "cs1",
  "cs2",
  "cs3",
  "cs4",
  "cs5",
  "cs6",
  "cs7",
  "af11",
  "af12",
  "af13",
  "af21",
  "af22",
  "af23",
  "af31",
  "af32",
  "af33",
  "af41",
  "af42",
  "af43",
  "ef",
  "le",
] as const;

const codePoints: ReadonlyMap<string, number> = new Map(dscpNames.map((name) => [name, named(name)] as const));
const nameOfPoint: ReadonlyMap<number, string> = new Map(Array.from(codePoints, ([name, point]) => [point, name]));

/** A name of the list or 0 to 63; out comes the name where the number has one, else the number as text. */
export const dscpSchema = z.pipe(
  z.union([z.string(), z.number()], "A DSCP is a name like af21 or a number from 0 to 63"),
  z.transform((value: string | number, context): string => {
    const text = String(value).trim().toLowerCase();
    const point = codePoints.get(text) ?? (/^(0|[1-9][0-9]?)$/.test(text) ? Number(text) : 64);
    if (point <= 63) return nameOfPoint.get(point) ?? String(point);
    const message = `"${text.slice(0, 20)}" is not a DSCP: write a name like af21 or ef, or a number from 0 to 63`;
    context.issues.push({ code: "custom", message, input: value });
    return z.NEVER;
  }),
);

/** The six bits of a canonical DSCP. */
export function dscpPoint(dscp: string): number {
  return codePoints.get(dscp) ?? Number(dscp);
}

/** A class of tc, MAJOR:MINOR in hexadecimal as tc writes them; out comes the shortest form. */
export const prioritySchema = z.pipe(
  z.string("A class is text like 1:10"),
  z.transform((text: string, context): string => {
    const match = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text.trim().toLowerCase());
    const [major = 0, minor = 0] =
      match === null ? [] : [match[1], match[2]].map((part) => Number.parseInt(part ?? "", 16));
    if (major > 0) return `${major.toString(16)}:${minor.toString(16)}`;
    const message = `"${text.slice(0, 20)}" is not a class of tc: write MAJOR:MINOR like 1:10, hexadecimal, MAJOR 1 to ffff`;
    context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  }),
);

/** csN = 8N, afXY = 8X + 2Y, expedited forwarding, lower effort. */
function named(name: (typeof dscpNames)[number]): number {
  if (name === "ef") return 46;
  if (name === "le") return 1;
  const [first = 0, second = 0] = Array.from(name.replace(/^[a-z]+/, ""), Number);
  return 8 * first + 2 * second;
}
