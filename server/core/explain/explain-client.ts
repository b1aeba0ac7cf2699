/**
 * "Explain this client": which farm answers, by which rule, which stickiness entry or slot, which backend, and why. Pure: what runs
 * (the rules' text), what is remembered (the stickiness entry) and what the checks say (effective weights) arrive as arguments.
 * A backend is named only where it follows from them; where the next connection depends on the ones before, the candidates are.
 */
import { familyOf } from "../farm/address.ts";
import type { EffectiveFarm } from "../farm/effective.ts";
import { parseNetwork } from "../farm/networks.ts";
import type { Backend, Farm } from "../farm/types.ts";
import { findFarm } from "./find-farm.ts";
import { type Program, readProgram } from "./program.ts";
import type { ClientQuery } from "./query.ts";
import { backendAt, type Candidate, candidatesOf, type HashRule, scheduledSlot } from "./schedule.ts";
import { entryFate, pinFate, type Stickiness } from "./stickiness.ts";

export type Explanation = {
  /**
   * nobody: no farm answers; denied: the farm's policy refuses the client; refused: no backend serves;
   * pinned, sticky, hash: `backend` is certain; turn, chance, kernel-hash: one of `candidates`; unread: rules of another kind
   */
  readonly verdict:
    | "nobody"
    | "denied"
    | "refused"
    | "pinned"
    | "sticky"
    | "hash"
    | "unread"
    | "turn"
    | "chance"
    | "kernel-hash";
  readonly farm: { readonly id: string; readonly name: string } | null;
  /** the scheduling rule as nft text */
  readonly rule: string | null;
  /** 0-based, of the farm's own slots */
  readonly slot: { readonly at: number; readonly of: number } | null;
  readonly backend: {
    readonly id: string;
    readonly name: string;
    readonly address: string;
    readonly port: number;
  } | null;
  readonly candidates: readonly Candidate[];
  /** why, one sentence each, in the order in which the packet meets them */
  readonly sentences: readonly string[];
};

/** What is known of a farm besides its document. */
export type Running = {
  /** rules as listed (agent) or compiled (`fragmentText`) */
  readonly rules: string;
  readonly effective: EffectiveFarm;
  readonly stickiness: Stickiness;
};

/** `runningOf` is asked for the one farm that answers. */
export async function explainClient(
  farms: readonly Farm[],
  query: ClientQuery,
  runningOf: (farm: Farm) => Promise<Running>,
): Promise<Explanation> {
  const found = findFarm(farms, query);
  if (found.farm === null) return { ...unanswered, sentences: [found.why] };
  const { farm } = found;
  const head = { ...unanswered, farm: { id: farm.id, name: farm.name }, sentences: [found.why] };
  const denied = denial(farm, query.client);
  if (denied !== null) return { ...head, verdict: "denied", sentences: [...head.sentences, denied] };
  const running = await runningOf(farm);
  const limited = limitSentences(farm);
  return explainFarm({ ...head, sentences: [...head.sentences, ...limited] }, farm, query, running);
}

const unanswered: Explanation = {
  verdict: "nobody",
  farm: null,
  rule: null,
  slot: null,
  backend: null,
  candidates: [],
  sentences: [],
};

function explainFarm(head: Explanation, farm: Farm, query: ClientQuery, running: Running): Explanation {
  const fate = pinFate(farm, running.effective, query.client) ?? entryFate(farm, running.effective, running.stickiness);
  const sentences = [...head.sentences, ...fate.sentences];
  if (fate.backend !== null) return { ...head, verdict: fate.by, backend: placeOf(fate.backend, query), sentences };
  return explainScheduling({ ...head, sentences }, farm, query, running);
}

function explainScheduling(head: Explanation, farm: Farm, query: ClientQuery, running: Running): Explanation {
  const program = readProgram(running.rules, familyOf(query.vip));
  const rule = program.scheduler;
  if (rule === null && serves(running.effective, query))
    return withSentences({ ...head, verdict: "unread" }, unreadText);
  if (rule === null) {
    const how = farm.onAllDown === "drop" ? "dropped without an answer" : "refused";
    return withSentences({ ...head, verdict: "refused" }, `No backend takes new connections: they are ${how}`);
  }
  const candidates = candidatesOf(farm, rule, program, query.port);
  const ruled: Explanation = { ...head, rule: rule.text, candidates };
  if (rule.by === "hash") return explainHash(ruled, farm, query, program, rule);
  return withOnly(withSentences({ ...ruled, verdict: rule.by }, openText[rule.by](rule.modulus)), farm, query);
}

const unreadText = "Its backends take new connections, by rules that this explanation cannot read";

function serves(effective: EffectiveFarm, { vip }: ClientQuery): boolean {
  return effective.backends.some(({ family, weight }) => family === familyOf(vip) && weight > 0);
}

function explainHash(head: Explanation, farm: Farm, query: ClientQuery, program: Program, rule: HashRule): Explanation {
  const slot = scheduledSlot(rule, query);
  if (slot === null) {
    const why = "The hash takes the client's port too: say it as CLIENT:PORT to know the slot";
    return withOnly(withSentences({ ...head, verdict: "kernel-hash" }, why), farm, query);
  }
  const backend = backendAt(farm, slot, program, query.port);
  const place = backend === null ? null : placeOf(backend, query);
  const key = rule.fields.join(" and ");
  return withSentences(
    { ...head, verdict: backend === null ? "refused" : "hash", slot: { at: slot, of: rule.modulus }, backend: place },
    `Hash of ${key} (jhash, seed ${rule.seed}): slot ${slot} of ${rule.modulus}, always the same for these`,
    backend === null
      ? `Slot ${slot} leads to no backend that is there: the connection is dropped, and its retry is scheduled again`
      : `Slot ${slot} belongs to ${backend.name}`,
  );
}

function withSentences(explanation: Explanation, ...more: readonly string[]): Explanation {
  return { ...explanation, sentences: [...explanation.sentences, ...more] };
}

/** Where only one backend has slots, it is certain after all. */
function withOnly(explanation: Explanation, farm: Farm, query: ClientQuery): Explanation {
  const [first, second] = explanation.candidates;
  const only = second === undefined ? farm.backends.find(({ name }) => name === first?.backend) : undefined;
  if (only === undefined) return explanation;
  return withSentences({ ...explanation, backend: placeOf(only, query) }, `All slots belong to ${only.name}`);
}

const openText = {
  turn: (modulus: number) =>
    `Slots are taken in turn: the next of ${modulus}, whoever connects; which one it is depends on the connections before`,
  chance: (modulus: number) => `One of ${modulus} slots by chance: each connection may go to another backend`,
  "kernel-hash": () =>
    "The kernel hashes with a key of its own that it draws at boot: always the same backend until then, but it cannot be calculated from outside",
} as const;

function placeOf(backend: Backend, query: ClientQuery): Explanation["backend"] {
  const { id, name, address, port } = backend;
  return { id, name, address, port: port ?? query.port };
}

/** null: the client may come in. */
function denial(farm: Farm, client: string): string | null {
  const { allow, deny } = farm.policy;
  const denied = deny.find((network) => isIn(client, network));
  if (denied !== undefined) return `The farm's deny list has ${denied}: the connection is turned away`;
  const isClosed = allow.length > 0 && !allow.some((network) => isIn(client, network));
  return isClosed ? "The farm has an allow list and the client is not on it: the connection is turned away" : null;
}

function isIn(client: string, network: string): boolean {
  const own = parseNetwork(client);
  const other = parseNetwork(network);
  if (typeof own === "string" || typeof other === "string" || own.family !== other.family) return false;
  return other.from <= own.from && own.from <= other.to;
}

function limitSentences({ policy, backends }: Farm): string[] {
  return [
    ...(backends.some(({ maxConnections }) => maxConnections !== null)
      ? ["A backend that has all the connections it may have passes new ones on to the others"]
      : []),
    ...(policy.newPerSecondPerSource === null
      ? []
      : [`Up to ${policy.newPerSecondPerSource} new connections a second of one client pass`]),
    ...(policy.connectionsPerSource === null
      ? []
      : [`Up to ${policy.connectionsPerSource} connections of one client are open at once`]),
  ];
}
