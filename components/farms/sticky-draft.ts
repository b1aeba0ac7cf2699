/** What a farm remembers of clients, its pins and its sorry server, as typed in the form, and their way to and from the farm document. */
import * as z from "zod/mini";
import { formatCounted } from "@/components/ui/numbers.ts";
import type { Persistence } from "@/server/core/farm/persistence.ts";
import type { Farm } from "@/server/core/farm/types.ts";

export type StickyDraft = {
  readonly by: "none" | Persistence["by"];
  readonly timeoutS: string;
  readonly prefixV4: string;
  readonly prefixV6: string;
  /** empty = the shared map, or the usual size */
  readonly size: string;
};

/** `backendId`: a pin follows its backend when that is renamed. */
export type PinDraft = { readonly client: string; readonly backendId: string };

/** Empty address = none; empty port = the client's. */
export type SorryDraft = { readonly address: string; readonly port: string };

export const emptySticky: StickyDraft = { by: "none", timeoutS: "120", prefixV4: "32", prefixV6: "64", size: "" };
export const emptySorry: SorryDraft = { address: "", port: "" };

export const stickyDraftSchema = z.strictObject({
  by: z.enum(["none", "source-address", "destination-address"]),
  timeoutS: z.string(),
  prefixV4: z.string(),
  prefixV6: z.string(),
  size: z.string(),
});
export const pinDraftsSchema = z.array(z.strictObject({ client: z.string(), backendId: z.string() }));
export const sorryDraftSchema = z.strictObject({ address: z.string(), port: z.string() });

export function draftOfSticky(persistence: Farm["persistence"]): StickyDraft {
  if (persistence === null) return emptySticky;
  const { by, timeoutS, prefixV4, prefixV6, size } = persistence;
  return {
    by,
    timeoutS: String(timeoutS),
    prefixV4: String(prefixV4),
    prefixV6: String(prefixV6),
    size: size === null ? "" : String(size),
  };
}

export function stickyOfDraft({ by, timeoutS, prefixV4, prefixV6, size }: StickyDraft): unknown {
  if (by === "none") return null;
  return {
    by,
    timeoutS: numberOf(timeoutS),
    prefixV4: numberOf(prefixV4),
    prefixV6: numberOf(prefixV6),
    size: size.trim() === "" ? null : numberOf(size),
  };
}

export function draftOfPins({ pins, backends }: Pick<Farm, "pins" | "backends">): PinDraft[] {
  const ids = new Map(backends.map(({ name, id }) => [name, id]));
  return pins.map(({ client, backend }) => ({ client, backendId: ids.get(backend) ?? "" }));
}

export function pinsOfDraft(pins: readonly PinDraft[], nameOf: (backendId: string) => string): unknown {
  return pins.map(({ client, backendId }) => ({ client: client.trim(), backend: nameOf(backendId) }));
}

export function draftOfSorry(sorry: Farm["sorryServer"]): SorryDraft {
  return sorry === null ? emptySorry : { address: sorry.address, port: sorry.port === null ? "" : String(sorry.port) };
}

/** `keepsPort`: a farm of every port leaves no other choice. */
export function sorryOfDraft({ address, port }: SorryDraft, keepsPort: boolean): unknown {
  if (address.trim() === "") return null;
  return { address: address.trim(), port: keepsPort || port.trim() === "" ? null : numberOf(port) };
}

/** A line: "By client address, 120 s; 2 pins". */
export function stickyText(sticky: StickyDraft, pins: number): string {
  const { by, timeoutS, size } = sticky;
  const pinned = pins === 0 ? [] : [formatCounted(pins, "pin")];
  if (by === "none") return pinned.length === 0 ? "Clients are not remembered" : `Only pins: ${pins}`;
  const key = by === "source-address" ? "By client address" : "By the address asked for";
  const own = size.trim() === "" ? [] : [`own map of ${size.trim()}`];
  return [`${key}, ${timeoutS} s${prefixText(sticky)}`, ...own, ...pinned].join("; ");
}

function prefixText({ prefixV4, prefixV6 }: StickyDraft): string {
  const parts = [prefixV4 === "32" ? "" : `IPv4 /${prefixV4}`, prefixV6 === "64" ? "" : `IPv6 /${prefixV6}`];
  const told = parts.filter((part) => part !== "").join(", ");
  return told === "" ? "" : ` (${told})`;
}

/** A text that is no number becomes NaN, which core refuses in its own words. */
export function numberOf(text: string): number {
  return /^-?[0-9]+(\.[0-9]+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
}
