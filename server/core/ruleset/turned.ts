/**
 * What filters turn away is counted in one shared set, by farm and reason, and by farm and named list: one small listing for any number of farms. The kernel makes an
 * entry with the first packet and forgets it a day after the last, so a counter may begin anew; rates take that for a reset.
 */
import { idMark, markText } from "../allocation/marks.ts";
import type { Farm } from "../farm/types.ts";

/** Never reordered: the place is part of the key in the kernel. At most 8. */
export const turnReasons = [
  "invalid",
  "not-allowed",
  "denied",
  "source-rate",
  "source-connections",
  "syn-limit",
  "backends-full",
] as const;
export type TurnReason = (typeof turnReasons)[number];

/** The reasons for which this farm may turn packets away, in their order. */
export function activeReasons(farm: Farm): TurnReason[] {
  return turnReasons.filter((reason) => isActive[reason](farm));
}

/** Statements that count a packet of this farm (by its number) under this reason. */
export function countTurned(tag: number, farmNumber: number, reason: TurnReason): string {
  return `update @turned { ${markText(idMark(tag, turnedNumber(farmNumber, reason)))} timeout 1d counter }`;
}

/** The number that the set's counters are read by. */
export function turnedNumber(farmNumber: number, reason: TurnReason): number {
  return (farmNumber % farmNumbers) * reasonsMax + turnReasons.indexOf(reason);
}

/** The same for what a named list turns away from a farm, by the number that the allocation gave to the two. */
export function countDenial(tag: number, number: number): string {
  return `update @turned { ${markText(idMark(tag, denialNumber(number)))} timeout 1d counter }`;
}

export function denialNumber(number: number): number {
  return farmNumbers * reasonsMax + (number % denialNumbers);
}

/** What a line in the kernel's log about this farm begins with. */
export function logPrefix(farmNumber: number): string {
  return `sluice f_${farmNumber} `;
}

const isActive: Readonly<Record<TurnReason, (farm: Farm) => boolean>> = {
  invalid: ({ policy }) => policy.dropInvalid,
  "not-allowed": ({ policy }) => policy.allow.length > 0,
  denied: ({ policy }) => policy.deny.some((entry) => !entry.startsWith("@")),
  "source-rate": ({ policy }) => policy.newPerSecondPerSource !== null,
  "source-connections": ({ policy }) => policy.connectionsPerSource !== null,
  "syn-limit": ({ policy }) => policy.synPerSecond !== null,
  "backends-full": ({ backends }) => backends.some(({ maxConnections }) => maxConnections !== null),
};

const reasonsMax = 8;
/** numbers count upward for ever; two farms a million numbers apart never meet */
const farmNumbers = 1_000_000;
const denialNumbers = 8_000_000;
