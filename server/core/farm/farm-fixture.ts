/** Farms for tests: small, valid, with ids that follow from the numbers given. */
import { farmSchema } from "./schema.ts";
import type { Farm } from "./types.ts";

/** The n-th id of a kind: a UUID whose last part is the number. */
export function testId(kind: "farm" | "backend", number: number): string {
  const group = kind === "farm" ? "4f00" : "4b00";
  return `00000000-0000-${group}-8000-${number.toString(16).padStart(12, "0")}`;
}

type BackendInput = { readonly address: string } & Readonly<Record<string, unknown>>;

/** A farm `farm-<number>` at 192.0.2.<number>:80/tcp unless told otherwise; parsed by the schema, not by validate. */
export function testFarm(
  number: number,
  backends: readonly BackendInput[] = [{ address: "198.51.100.10" }, { address: "198.51.100.11" }],
  more: Readonly<Record<string, unknown>> = {},
): Farm {
  return farmSchema.parse({
    id: testId("farm", number),
    name: `farm-${number}`,
    addresses: [`192.0.2.${number % 250}`],
    protocol: "tcp",
    ports: [80],
    backends: backends.map((backend, at) => ({
      id: testId("backend", number * 1000 + at),
      name: `b-${at + 1}`,
      port: 8080,
      ...backend,
    })),
    ...more,
  });
}
