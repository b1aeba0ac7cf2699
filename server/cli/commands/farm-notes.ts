/** What is measured of a farm beside its backends, a sentence each: what it turned away, whom it remembers, what its sorry server gets. */
import type { FarmLive } from "../../core/metrics/live.ts";
import { turnedText } from "../../core/metrics/turned-words.ts";
import { countText, rateText } from "../numbers.ts";

type Measured = Pick<FarmLive, "untracked" | "turnedAway" | "sticky" | "sorry">;

/** Only what there is: a farm without filters and memory has no line. */
export function farmNotes({ untracked, turnedAway, sticky, sorry }: Measured): string[] {
  return [
    ...(untracked === undefined ? [] : [`Connections: ${untracked}`]),
    ...turnedAway.map(
      (each) => `Turned away: ${turnedText(each)}: ${countText(each.packets)} packets, ${rateText(each.perS)}/s`,
    ),
    ...(sticky === undefined ? [] : [`Remembered clients: ${sticky.used} of ${sticky.max} places`]),
    ...(sorry === undefined
      ? []
      : [`Sorry server: ${rateText(sorry.newPerS)} new/s, ${countText(sorry.active)} active`]),
  ];
}
