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
  // what was and what is are lists: "80 to 80, 8080" would read as a range
  ports: (before, after) => [
    isSameSet(before.ports, after.ports)
      ? "The ports stand in another order"
      : `Answers at ${portList(after)} instead of ${portList(before)}`,
  ],
  forwarding: (before, after) => [
    isTracked(before) && isTracked(after)
      ? `Forwarding ${before.forwarding} to ${after.forwarding}, for new connections`
      : `Forwarding ${before.forwarding} to ${after.forwarding}: open connections end`,
  ],
  snatAddress: (before, after) => [
    `Backends see ${after.snatAddress ?? "the balancer's own address"} instead of ${before.snatAddress ?? "the balancer's own address"}`,
  ],
  scheduler: (before, after) => [`Scheduler ${before.scheduler} to ${after.scheduler}`],
  hashFields: (before, after) => [
    `Hashes ${after.hashFields.join(" and ")} instead of ${before.hashFields.join(" and ")}`,
  ],
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
  tags: (before, after) => [
    ...tagText(missingIn(before.tags, after.tags), "added"),
    ...tagText(missingIn(after.tags, before.tags), "taken away"),
    ...(isSameSet(before.tags, after.tags) ? ["The tags stand in another order"] : []),
  ],
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

/** "port 80", "ports 80, 443 and 8000-8010", "every port" */
function portList({ ports }: Farm): string {
  if (ports.length === 0) return "every port";
  const [only] = ports;
  return ports.length === 1 ? `${typeof only === "number" ? "port" : "ports"} ${only}` : `ports ${joined(ports)}`;
}

function tagText(tags: readonly string[], what: string): string[] {
  if (tags.length === 0) return [];
  return [tags.length === 1 ? `Tag ${tags[0]} is ${what}` : `Tags ${joined(tags)} are ${what}`];
}

/** What the second has and the first has not. */
function missingIn(list: readonly string[], other: readonly string[]): string[] {
  return other.filter((item) => !list.includes(item));
}

function joined(list: readonly (string | number)[]): string {
  return list.length < 2 ? list.join() : `${list.slice(0, -1).join(", ")} and ${list.at(-1)}`;
}

function isSameSet(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
