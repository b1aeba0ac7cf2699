/** The farm's own fields in sentences, one a field; its backends are explained in explain.ts. */
import { isTracked } from "../farm/forwarding.ts";
import type { Farm } from "../farm/types.ts";
import { canonicalJson } from "./digest.ts";
import {
  checkSentences,
  drainDeadlineSentence,
  dynamicSentences,
  failoverSentences,
  onDownSentence,
  outlierSentence,
  windowSentences,
} from "./explain-checks.ts";
import { explainPolicy } from "./explain-policy.ts";
import { persistenceSentences, pinSentences, sorryText } from "./explain-sticky.ts";

type Explained = Exclude<keyof Farm, "id" | "backends">;

/** Every field has its sentence: a new field does not compile until it is here. */
const sentences: { readonly [Field in Explained]: (before: Farm, after: Farm) => string[] } = {
  name: (before, after) => [`Farm ${before.name} is now called ${after.name}`],
  enabled: (_, after) => [
    after.enabled
      ? `Farm ${after.name} is started: ${after.addresses.join(", ")} ${portsText(after)} answers`
      : `Farm ${after.name} is stopped: new connections to ${after.addresses.join(", ")} ${portsText(after)} are not answered, ${isTracked(after) ? "open ones stay" : "open ones end"}`,
  ],
  addresses: (before, after) => [
    ...after.addresses.filter((vip) => !before.addresses.includes(vip)).map((vip) => `${vip} answers too`),
    ...before.addresses.filter((vip) => !after.addresses.includes(vip)).map((vip) => `${vip} no longer answers`),
    ...(isSameSet(before.addresses, after.addresses) ? ["The addresses stand in another order"] : []),
  ],
  protocol: (before, after) => [`Protocol ${before.protocol} to ${after.protocol}`],
  ports: (before, after) => [`Ports ${portList(before)} to ${portList(after)}`],
  forwarding: (before, after) => [
    isTracked(before) && isTracked(after)
      ? `Forwarding ${before.forwarding} to ${after.forwarding}, for new connections`
      : `Forwarding ${before.forwarding} to ${after.forwarding}: open connections end`,
  ],
  snatAddress: (before, after) => [
    `Source address ${before.snatAddress ?? "the balancer's own"} to ${after.snatAddress ?? "the balancer's own"}`,
  ],
  scheduler: (before, after) => [`Scheduler ${before.scheduler} to ${after.scheduler}`],
  hashFields: (before, after) => [`Hashes ${before.hashFields.join(" and ")} to ${after.hashFields.join(" and ")}`],
  persistence: persistenceSentences,
  pins: pinSentences,
  onAllDown: (before, after) => [`When no backend serves: ${before.onAllDown} to ${after.onAllDown}`],
  onDown: (_, after) => [onDownSentence(after)],
  drainSticky: (_, after) => [
    after.drainSticky === "move"
      ? "Sticky clients of a drained backend move at their next connection"
      : "Sticky clients of a drained backend stay with it",
  ],
  sorryServer: (_, after) => [
    after.sorryServer === null ? "There is no sorry server any more" : sorryText(after.sorryServer),
  ],
  healthCheck: checkSentences,
  failover: failoverSentences,
  outlier: (_, after) => [outlierSentence(after)],
  dynamic: dynamicSentences,
  drainDeadlineS: (_, after) => [drainDeadlineSentence(after)],
  maintenanceWindows: windowSentences,
  policy: explainPolicy,
  tags: (_, after) => [after.tags.length === 0 ? "The tags are gone" : `Tags: ${after.tags.join(", ")}`],
  notes: () => ["The notes change"],
};

const order = Object.keys(sentences) as Explained[];

export function explainFields(before: Farm, after: Farm): string[] {
  return order.flatMap((field) =>
    canonicalJson(before[field]) === canonicalJson(after[field]) ? [] : sentences[field](before, after),
  );
}

/** "tcp port 80", "udp ports 53, 8000-8010", "tcp, every port". */
export function portsText(farm: Farm): string {
  const protocol = farm.protocol === "all" ? "all protocols" : farm.protocol;
  if (farm.ports.length === 0) return `${protocol}, every port`;
  const isOne = farm.ports.length === 1 && typeof farm.ports[0] === "number";
  return `${protocol} ${isOne ? "port" : "ports"} ${farm.ports.join(", ")}`;
}

function portList(farm: Farm): string {
  return farm.ports.length === 0 ? "every port" : farm.ports.join(", ");
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
