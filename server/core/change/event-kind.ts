/** What kind of event a revision is: who takes new connections no longer has a sign of its own in charts and logs. */
import type { LiveEvent } from "../metrics/live.ts";
import type { Operation } from "./operation.ts";

export function eventKindOf(operations: readonly Operation[]): Extract<LiveEvent["kind"], "change" | "drain" | "stop"> {
  const states = operations.flatMap((each) => (each.type === "set-admin-state" ? Object.values(each.states) : []));
  if (states.includes("drain")) return "drain";
  const isStop = operations.some((each) => each.type === "set-enabled" && !each.enabled);
  return isStop || states.includes("maintenance") ? "stop" : "change";
}
