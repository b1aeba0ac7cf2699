/**
 * The running rules of one farm as the kernel lists them now, with counters: its chains, its elements, and the chains its rules lead to,
 * which all farms share; nothing of other farms.
 */
import { fail, ok, type Result } from "../core/result.ts";
import { isNetdev, tableName } from "../core/ruleset/model.ts";
import type { RulesetAnswer } from "../wire/agent.ts";
import { isInterrupted } from "./nft-errors.ts";
import type { State } from "./plan.ts";
import type { RunProcess } from "./run-process.ts";

export type FarmRulesetDeps = {
  readonly run: RunProcess;
  readonly state: () => Pick<State, "ruleset">;
  readonly now: () => number;
};

/** ends the comment in the place of a part that was not listed */
const unread = " could not be read";
const timeoutMs = 10_000;
const keysPerRead = 2048;
/** nft 1.0.6 crashes when the kernel's answers to one command fill its socket: 250 keys still went, 300 did not */
const keysPerCommand = 128;
const triesMax = 10;

export function createFarmRuleset(deps: FarmRulesetDeps) {
  const run = (script: string) => deps.run("nft", ["-f", "-"], { input: `${script}\n`, timeoutMs });
  const read = async (script: string): Promise<string | null> => {
    const result = await run(script);
    return result.status === "ok" ? result.stdout : null;
  };

  async function listChain(name: string): Promise<string> {
    const listed = await read(`list chain ${familyOf(name)} ${tableName} ${name}`);
    return listed === null ? `\t# chain ${name}${unread}` : bodyOf(listed);
  }

  /** Chains that the listed ones lead to, in the order a packet meets them. */
  async function sharedChains(listed: readonly string[], known: Set<string>): Promise<string[]> {
    const shared: string[] = [];
    for (let next = leadsTo(listed, known); next.length > 0; ) {
      for (const name of next) known.add(name);
      const texts = await Promise.all(next.map(listChain));
      shared.push(...texts);
      next = leadsTo(texts, known);
    }
    return shared;
  }

  /** Whatever was written between nft's own look at the set and its answer interrupts a read: fewer keys have a better chance. */
  async function getElements(object: string, keys: readonly string[], tries = 1): Promise<string | null> {
    const result = await run(getCommands(object, keys));
    if (result.status === "ok") return bodyOf(result.stdout);
    if (!isInterrupted(result.stderr)) return null;
    if (keys.length <= keysPerCommand) return tries === triesMax ? null : getElements(object, keys, tries + 1);
    const half = keysPerCommand * Math.ceil(keys.length / keysPerCommand / 2);
    const first = await getElements(object, keys.slice(0, half));
    const second = first === null ? null : await getElements(object, keys.slice(half));
    return first === null || second === null ? null : `${first}\n${second}`;
  }

  async function elementsText(object: string, keys: readonly string[]): Promise<string> {
    const lines: string[] = [];
    for (let at = 0; at < keys.length; at += keysPerRead)
      lines.push((await getElements(object, keys.slice(at, at + keysPerRead))) ?? `# ${object}${unread}`);
    return lines.join("\n");
  }

  return async (farmId: string): Promise<Result<RulesetAnswer>> => {
    const fragment = deps.state().ruleset.fragments.get(farmId);
    if (fragment === undefined) return fail("not-found", "There is no such farm.");
    const at = deps.now();
    const chains = await Promise.all([...fragment.chains.keys()].map(listChain));
    const own = await Promise.all(
      Array.from(fragment.objects, ([name, { declaration }]) =>
        read(`list ${declaration.kind} ${familyOf(name)} ${tableName} ${name}`),
      ),
    );
    const elements: string[] = [];
    for (const [object, items] of fragment.elements) elements.push(await elementsText(object, [...items.keys()]));
    const lists = await Promise.all(fragment.lists.map((name) => read(`list set inet ${tableName} ${name}`)));
    const shared = await sharedChains(chains, new Set(fragment.chains.keys()));
    const parts = [
      ...own.map((text) => (text === null ? `\t# a map or set of this farm${unread}` : bodyOf(text))),
      ...lists.map((text) => (text === null ? `\t# a named list${unread}` : bodyOf(text))),
      ...chains,
      ...elements,
      ...(shared.length === 0 ? [] : ["\t# shared by all farms", ...shared]),
    ];
    const text = `table inet ${tableName} {\n${parts.filter((part) => part !== "").join("\n")}\n}\n`;
    return ok({ farmId, at, text, isWhole: !text.split("\n").some((line) => line.endsWith(unread)) });
  };
}

/** Names of chains as we generate them; nothing else of a listing may reach a script. */
function leadsTo(listed: readonly string[], known: ReadonlySet<string>): string[] {
  const names = listed.flatMap((text) =>
    Array.from(text.matchAll(/\b(?:goto|jump) ([a-z]+[0-9]?)\b/g), (match) => match[1] ?? ""),
  );
  return [...new Set(names)].filter((name) => !known.has(name));
}

function getCommands(object: string, keys: readonly string[]): string {
  const commands: string[] = [];
  for (let at = 0; at < keys.length; at += keysPerCommand) {
    const some = keys.slice(at, at + keysPerCommand).join(", ");
    commands.push(`get element ${familyOf(object)} ${tableName} ${object} { ${some} }`);
  }
  return commands.join("\n");
}

function familyOf(name: string): string {
  return isNetdev(name) ? "netdev" : "inet";
}

/** A listing without the table's own first and last line. */
function bodyOf(listing: string): string {
  return listing
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "}" && !/^table (inet|netdev) /.test(line))
    .join("\n");
}
