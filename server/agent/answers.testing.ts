/** Reading the answers of an agent under test. */

export function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  return Object.fromEntries(Object.entries(value));
}

/** The code of a typed error in an answer. */
export function errorCode(body: unknown): unknown {
  return record(record(body).error).code;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
