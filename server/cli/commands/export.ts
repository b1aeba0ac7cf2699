/** `sluice export [FARM]`: the balancer's farms as a document, with the lists they may refer to (of one farm: those it does), as people write it: what is a default is left out. */
import { Document, isCollection, isScalar, isSeq, visit } from "yaml";
import { canonicalJson } from "../../core/change/digest.ts";
import { type FarmDocument, toDocument } from "../../core/farm/document.ts";
import { listNamesOf, type NamedList } from "../../core/farm/named-list.ts";
import { backendSchema, farmSchema } from "../../core/farm/schema.ts";
import type { Backend, Farm } from "../../core/farm/types.ts";
import { type Call, isOn } from "../command.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { findFarm } from "../names.ts";
import { withFarms } from "../with-agent.ts";

export function runExport(call: Call): Promise<number> {
  const [name] = call.words;
  return withFarms(call, async (_agent, answer) => {
    const one = name === undefined ? null : findFarm(answer.farms, name);
    if (one !== null && !one.ok) return reportFailure(call, one.error);
    const farms = one === null ? answer.farms.map(({ farm }) => farm) : [one.value.farm];
    const names = one === null ? null : listNamesOf(one.value.farm);
    const lists = answer.lists.flatMap(({ list }) => (names === null || names.includes(list.name) ? [list] : []));
    const document = toDocument(farms, lists);
    if (isOn(call.values, "json")) call.world.out(`${JSON.stringify(document, null, 2)}\n`);
    else call.world.out(documentText(document, isOn(call.values, "full")));
    return exit.done;
  });
}

/** YAML, a backend a line, a network of a list a line. */
function documentText({ lists, farms }: FarmDocument, isFull: boolean): string {
  const document = new Document({
    ...(lists === undefined ? {} : { lists: lists.map((list) => (isFull ? list : shortList(list))) }),
    farms: farms.map((farm) => (isFull ? farm : shortFarm(farm))),
  });
  visit(document, {
    Pair(_, { key, value }) {
      if (isScalar(key) && key.value === "backends" && isSeq(value)) for (const item of value.items) flowing(item);
      else if (isScalar(key) && !blocks.has(key.value)) flowing(value);
      return undefined;
    },
  });
  return document.toString({ lineWidth: 0 });
}

const blocks: ReadonlySet<unknown> = new Set(["farms", "lists", "networks"]);

function shortList({ notes, ...list }: NamedList): Record<string, unknown> {
  return notes === "" ? list : { ...list, notes };
}

function flowing(node: unknown): void {
  if (isCollection(node)) node.flow = true;
}

/** Fields that say something stay even where they have their default. */
const farmKept = new Set(["id", "name", "scheduler", "forwarding"]);
const backendKept = new Set(["id", "name", "weight"]);

function shortFarm(farm: Farm): Record<string, unknown> {
  const backends = farm.backends.map(shortBackend);
  return { ...without(farm, farmDefaults, farmKept), backends };
}

function shortBackend(backend: Backend): Record<string, unknown> {
  return without(backend, backendDefaults, backendKept);
}

function without(
  item: Readonly<Record<string, unknown>>,
  defaults: Readonly<Record<string, unknown>>,
  kept: ReadonlySet<string>,
): Record<string, unknown> {
  const isSaid = ([key, value]: [string, unknown]) =>
    kept.has(key) || !(key in defaults) || canonicalJson(value) !== canonicalJson(defaults[key]);
  const inner = ([key, value]: [string, unknown]): [string, unknown] => {
    const usual = defaults[key];
    return [key, isObject(value) && isObject(usual) ? without(value, usual, new Set()) : value];
  };
  return Object.fromEntries(Object.entries(item).filter(isSaid).map(inner));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const sample = { id: "00000000-0000-4000-8000-000000000000", name: "a", address: "192.0.2.1" };
/** The defaults stand once, in the schema: they are asked for here. */
const backendDefaults = defaultsOf(backendSchema.parse(sample), ["id", "name", "address"]);
const farmDefaults = defaultsOf(
  farmSchema.parse({
    id: sample.id,
    name: "a",
    addresses: ["192.0.2.2"],
    protocol: "tcp",
    ports: [],
    backends: [sample],
  }),
  ["id", "name", "addresses", "protocol", "ports", "backends"],
);

function defaultsOf(parsed: Readonly<Record<string, unknown>>, needed: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => !needed.includes(key)));
}
