/** What is sent, with everything a sender needs. */
import type { Network } from "../core/farm/networks.ts";
import type { Notice, NoticeFarm } from "../core/notify/notice.ts";
import type { TargetSecrets, TargetSettings } from "../core/notify/target.ts";

export type Parcel = {
  readonly notice: Notice;
  readonly settings: TargetSettings;
  readonly secrets: TargetSecrets;
  /** the balancer's name, for who hears of several */
  readonly balancer: string;
  /** where browsers find the console */
  readonly origin: string;
  readonly nowMs: number;
  readonly allowed: readonly Network[];
  readonly deadlineMs?: number;
};

export function linkOf({ origin }: Parcel, farm: NoticeFarm | null): string {
  return farm === null ? `${origin}/events` : `${origin}/farms/${farm.id}`;
}
