/** Pins: these clients go to that backend as long as it is there. Pins of a farm never overlap, so their order says nothing. */
import * as z from "zod/mini";
import type { Issue } from "../result.ts";
import { familyOf } from "./address.ts";
import { joinPath } from "./issues.ts";
import { limits } from "./limits.ts";
import { formatNetwork, type Network, parseNetwork } from "./networks.ts";
import type { Farm } from "./types.ts";

export const pinsMax = 1000;

const client = z.pipe(
  z.string("A pinned client is an address, a prefix or a range"),
  z.transform((text: string, context) => {
    const parsed = parseNetwork(text);
    if (typeof parsed !== "string") return formatNetwork(parsed);
    context.issues.push({ code: "custom", message: parsed, input: text });
    return z.NEVER;
  }),
);

export const pinsSchema = z
  .array(
    z.strictObject({
      /** canonical: an address, a prefix or a range */
      client,
      /** name of a backend of this farm */
      backend: z.string("A pin names a backend").check(z.maxLength(limits.nameLengthMax)),
    }),
    "Pins are a list",
  )
  .check(z.maxLength(pinsMax, `At most ${pinsMax} pins`));

export type Pin = z.output<typeof pinsSchema>[number];

/** The pin that holds this client (canonical), or null. */
export function pinOf(pins: readonly Pin[], address: string): Pin | null {
  const own = parseNetwork(address);
  if (typeof own === "string") return null;
  return pins.find((pin) => holds(parseNetwork(pin.client), own)) ?? null;
}

/** Pins to nobody, of another family, or that contradict each other. */
export function pinIssues(farm: Farm): Issue[] {
  const networks = farm.pins.map((pin) => parseNetwork(pin.client));
  return [...farm.pins.flatMap((pin, at) => ownIssues(farm, pin, joinPath("pins", at))), ...overlaps(farm, networks)];
}

function ownIssues(farm: Farm, pin: Pin, path: string): Issue[] {
  const backend = farm.backends.find(({ name }) => name === pin.backend);
  if (backend === undefined) return [{ path: `${path}.backend`, message: `The farm has no backend "${pin.backend}"` }];
  const family = familyOf(pin.client);
  if (familyOf(backend.address) === family) return [];
  const message = `${pin.client} is of IPv${family}, ${backend.name} is not: a backend serves clients of its own family`;
  return [{ path: `${path}.client`, message }];
}

function overlaps({ pins }: Farm, networks: readonly (Network | string)[]): Issue[] {
  const sorted = networks
    .flatMap((network, at) => (typeof network === "string" ? [] : [{ ...network, at }]))
    .sort((a, b) => a.family - b.family || (a.from < b.from ? -1 : a.from > b.from ? 1 : a.at - b.at));
  const issues: Issue[] = [];
  let last = sorted[0];
  for (const next of sorted.slice(1)) {
    if (last !== undefined && last.family === next.family && next.from <= last.to) {
      const [at, other] = next.at > last.at ? [next.at, last.at] : [last.at, next.at];
      const message = `${pins[at]?.client} meets ${pins[other]?.client} of pin ${other + 1}: a client can be pinned once`;
      issues.push({ path: `${joinPath("pins", at)}.client`, message });
    }
    if (last === undefined || last.family !== next.family || next.to > last.to) last = next;
  }
  return issues;
}

function holds(network: Network | string, { family, from }: Network): boolean {
  return typeof network !== "string" && network.family === family && network.from <= from && from <= network.to;
}
