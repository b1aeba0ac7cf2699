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
import { dispatchWords, ruleWords } from "./nft-words.ts";
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
  /** why, in the order in which the packet meets them */
  readonly steps: readonly Step[];
};

/** One thing that happens to the connection. `nft`: the words of the running rules that do it; [] = none of their own. */
export type Step = {
  readonly stage: "farm" | "filters" | "memory" | "scheduler";
  readonly text: string;
  readonly nft: readonly string[];
};

/** An answer as a page shows it. */
export type ClientExplanation = Explanation & {
  readonly query: ClientQuery;
  /** calculated: the kernel could not be asked, so mark ids may be others than the running ones */
  readonly rulesFrom: "kernel" | "calculated";
};

/** What is known of a farm besides its document. */
export type Running = {
  /** rules as listed (agent) or compiled (`fragmentText`) */
  readonly rules: string;
  readonly effective: EffectiveFarm;
  readonly stickiness: Stickiness;
  /** networks of the named lists, as far as they are known, by name */
  readonly lists?: ReadonlyMap<string, readonly string[]>;
};

/** `runningOf` is asked for the one farm that answers. */
export async function explainClient(
  farms: readonly Farm[],
  query: ClientQuery,
  runningOf: (farm: Farm) => Promise<Running>,
): Promise<Explanation> {
  const found = findFarm(farms, query);
  if (found.farm === null) return { ...unanswered, steps: [step("farm", found.why)] };
  const { farm } = found;
  const running = await runningOf(farm);
  const head = { ...unanswered, farm: { id: farm.id, name: farm.name } };
  const steps = [step("farm", found.why, ...dispatchWords(running.rules, query))];
  const denied = denial(farm, query, running);
  if (denied !== null) return { ...head, verdict: "denied", steps: [...steps, denied] };
  return explainFarm({ ...head, steps: [...steps, ...limitSteps(farm, query, running.rules)] }, farm, query, running);
}

const unanswered: Explanation = {
  verdict: "nobody",
  farm: null,
  rule: null,
  slot: null,
  backend: null,
  candidates: [],
  steps: [],
};

function explainFarm(head: Explanation, farm: Farm, query: ClientQuery, running: Running): Explanation {
  const pinned = pinFate(farm, running.effective, query.client);
  const fate = pinned ?? entryFate(farm, running.effective, running.stickiness);
  const lookup = pinned === null ? / map @(d_)?sticky/ : / map @pin_/;
  const nft = ruleWords(running.rules, query.vip, lookup);
  const steps = [...head.steps, ...fate.sentences.map((text) => step("memory", text, ...nft))];
  if (fate.backend !== null) return { ...head, verdict: fate.by, backend: placeOf(fate.backend, query), steps };
  return explainScheduling({ ...head, steps }, farm, query, running);
}

function explainScheduling(head: Explanation, farm: Farm, query: ClientQuery, running: Running): Explanation {
  const program = readProgram(running.rules, familyOf(query.vip));
  const rule = program.scheduler;
  if (rule === null && serves(running.effective, query))
    return withSteps({ ...head, verdict: "unread" }, step("scheduler", unreadText));
  if (rule === null) {
    const how = farm.onAllDown === "drop" ? "dropped without an answer" : "refused";
    return withSteps(
      { ...head, verdict: "refused" },
      step("scheduler", `No backend takes new connections: they are ${how}`),
    );
  }
  const candidates = candidatesOf(farm, rule, program, query.port);
  const ruled: Explanation = { ...head, rule: rule.text, candidates };
  if (rule.by === "hash") return explainHash(ruled, farm, query, program, rule);
  const open = step("scheduler", openText[rule.by](rule.modulus), rule.text);
  return withOnly(withSteps({ ...ruled, verdict: rule.by }, open), farm, query);
}

const unreadText = "Its backends take new connections, by rules that this explanation cannot read";

function serves(effective: EffectiveFarm, { vip }: ClientQuery): boolean {
  return effective.backends.some(({ family, weight }) => family === familyOf(vip) && weight > 0);
}

function explainHash(head: Explanation, farm: Farm, query: ClientQuery, program: Program, rule: HashRule): Explanation {
  const slot = scheduledSlot(rule, query);
  if (slot === null) {
    const why = "The hash takes the client's port too: say it as CLIENT:PORT to know the slot";
    return withOnly(withSteps({ ...head, verdict: "kernel-hash" }, step("scheduler", why, rule.text)), farm, query);
  }
  const backend = backendAt(farm, slot, program, query.port);
  const place = backend === null ? null : placeOf(backend, query);
  const key = rule.fields.map((field) => fieldWords[field]).join(" and ");
  const seed = `0x${rule.seed.toString(16)}`;
  const hashed = `Hash of ${key} (jhash, seed ${seed}): slot ${slot} of ${rule.modulus}, always the same for these`;
  const owned =
    backend === null
      ? `Slot ${slot} leads to no backend that is there: the connection is dropped, and its retry is scheduled again`
      : `Slot ${slot} belongs to ${backend.name}`;
  return withSteps(
    { ...head, verdict: backend === null ? "refused" : "hash", slot: { at: slot, of: rule.modulus }, backend: place },
    step("scheduler", hashed, rule.text),
    step("scheduler", owned, ...program.elementsOf(slot)),
  );
}

const fieldWords = {
  "ip saddr": "the client's address",
  "ip6 saddr": "the client's address",
  "ip daddr": "the address asked for",
  "ip6 daddr": "the address asked for",
  sport: "the client's port",
  dport: "the port asked for",
} as const;

function step(stage: Step["stage"], text: string, ...nft: readonly string[]): Step {
  return { stage, text, nft };
}

function withSteps(explanation: Explanation, ...more: readonly Step[]): Explanation {
  return { ...explanation, steps: [...explanation.steps, ...more] };
}

/** Where only one backend has slots, it is certain after all. */
function withOnly(explanation: Explanation, farm: Farm, query: ClientQuery): Explanation {
  const [first, second] = explanation.candidates;
  const only = second === undefined ? farm.backends.find(({ name }) => name === first?.backend) : undefined;
  if (only === undefined) return explanation;
  const certain = { ...explanation, backend: placeOf(only, query) };
  return withSteps(certain, step("scheduler", `All slots belong to ${only.name}`));
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
function denial(farm: Farm, { client, vip }: ClientQuery, { rules, lists }: Running): Step | null {
  const { allow, deny } = farm.policy;
  // of a named list that is not known nothing is said
  const holds = (entry: string) => networkWith(client, entry, lists) !== null;
  const isUnknown = (entry: string) => entry.startsWith("@") && lists?.has(entry.slice(1)) !== true;
  if (allow.length > 0 && !allow.some((entry) => isUnknown(entry) || holds(entry))) {
    const text = "The farm has an allow list and the client is not on it: the connection is turned away";
    return step("filters", text, ...ruleWords(rules, vip, /saddr != @(allow|list)_/));
  }
  const denied = deny.find(holds);
  if (denied === undefined) return null;
  const isListed = denied.startsWith("@");
  const who = isListed ? `The list ${denied.slice(1)}, which the farm denies,` : "The farm's deny list";
  const text = `${who} has ${networkWith(client, denied, lists)}: the connection is turned away`;
  return step("filters", text, ...ruleWords(rules, vip, isListed ? /saddr @list_/ : /saddr @deny_/));
}

/** Where the client stands in an entry: a network, or a named list. */
function networkWith(client: string, entry: string, lists: Running["lists"]): string | null {
  const networks = entry.startsWith("@") ? (lists?.get(entry.slice(1)) ?? []) : [entry];
  return networks.find((network) => isIn(client, network)) ?? null;
}

function isIn(client: string, network: string): boolean {
  const own = parseNetwork(client);
  const other = parseNetwork(network);
  if (typeof own === "string" || typeof other === "string" || own.family !== other.family) return false;
  return other.from <= own.from && own.from <= other.to;
}

function limitSteps({ policy, backends }: Farm, { vip }: ClientQuery, rules: string): Step[] {
  const { newPerSecondPerSource: perS, connectionsPerSource: open, synPerSecond: syn } = policy;
  const limits: readonly (readonly [boolean, string, RegExp])[] = [
    [perS !== null, `Up to ${perS} new connections a second of one client pass`, /saddr timeout \S+ limit rate/],
    [open !== null, `Up to ${open} connections of one client are open at once`, /saddr ct count over/],
    [syn !== null, `Up to ${syn} SYN packets a second of all clients pass`, /(?<!timeout \S+) limit rate over/],
    [
      backends.some(({ maxConnections }) => maxConnections !== null),
      "A backend that has all the connections it may have passes new ones on to the others",
      /ct mark ct count over/,
    ],
  ];
  const lists = policy.allow.length + policy.deny.length;
  const passed = step(
    "filters",
    "Its lists let the client in",
    ...ruleWords(rules, vip, /saddr (!= )?@(allow|deny|list)_/),
  );
  const set = limits.flatMap(([isSet, text, rule]) =>
    isSet ? [step("filters", text, ...ruleWords(rules, vip, rule).slice(0, 1))] : [],
  );
  return lists === 0 ? set : [passed, ...set];
}
