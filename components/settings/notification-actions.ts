/** The writes about notifications, handed in by the page. */
import type { PeopleOutcome } from "@/server/core/change/views.ts";
import type { TargetInput } from "@/server/core/notify/target.ts";

export type NotificationActions = {
  save(input: TargetInput): Promise<PeopleOutcome>;
  remove(id: string): Promise<PeopleOutcome>;
  test(
    id: string,
  ): Promise<
    | { readonly status: "ok"; readonly isTaken: boolean; readonly text: string; readonly tookMs: number }
    | { readonly status: "refused"; readonly text: string }
  >;
};
