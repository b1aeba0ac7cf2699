/**
 * What others have in this kernel's rules, read for the preflight: table by table, never ours, each by a process that is bounded in time
 * and bytes. Names are made by others: one that is no plain word is not passed on (nft would parse it), and is told as not looked into.
 */
import { isJson, type Json, listingItems } from "../core/ruleset/listing-json.ts";
import { tableName } from "../core/ruleset/model.ts";
import type { RunProcess } from "./run-process.ts";

export type ForeignChain = {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  /** null: no base chain */
  readonly type: string | null;
  readonly hook: string | null;
  readonly priority: number;
  readonly policy: string | null;
  readonly rules: readonly ForeignRule[];
};

export type ForeignRule = { readonly handle: number; readonly expressions: readonly Json[] };

export type ForeignRules = {
  readonly chains: readonly ForeignChain[];
  /** tables that could not be read, and why */
  readonly unread: readonly string[];
};

const listTimeoutMs = 3000;
const tableBytesMax = 4 * 1024 * 1024;
const tablesMax = 32;
const plainName = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;
const families: readonly unknown[] = ["ip", "ip6", "inet", "bridge", "netdev", "arp"];

/** null: the tables could not even be named. */
export async function readForeignRules(run: RunProcess): Promise<ForeignRules | null> {
  const listed = await run("nft", ["-j", "list", "tables"], {
    timeoutMs: listTimeoutMs,
    outputBytesMax: tableBytesMax,
  });
  const items = listed.status === "ok" ? listingItems(listed.stdout) : null;
  if (items === null) return null;
  const tables = items.flatMap(({ table }) => (isJson(table) && !isOurs(table) ? [table] : []));
  const chains: ForeignChain[] = [];
  const unread: string[] = [];
  for (const { family, name } of tables.slice(0, tablesMax)) {
    const found = await readTable(run, family, name);
    if (typeof found === "string") unread.push(found);
    else chains.push(...found);
  }
  if (tables.length > tablesMax) unread.push(`${tables.length - tablesMax} more tables`);
  return { chains, unread };
}

function isOurs({ name }: Json): boolean {
  return name === tableName || name === `${tableName}_anchor`;
}

async function readTable(run: RunProcess, family: unknown, name: unknown): Promise<ForeignChain[] | string> {
  if (typeof name !== "string" || typeof family !== "string" || !plainName.test(name) || !families.includes(family))
    return "a table with an unusual name";
  const args = ["-j", "list", "table", family, name];
  const listed = await run("nft", args, { timeoutMs: listTimeoutMs, outputBytesMax: tableBytesMax });
  const items = listed.status === "ok" ? listingItems(listed.stdout) : null;
  return items === null ? `table ${family} ${name} (${reasonOf(listed.status)})` : chainsIn(items);
}

function reasonOf(status: string): string {
  if (status === "timeout") return "reading took too long";
  return status === "too-much" ? "too large" : "nft could not list it";
}

/** Base chains and the others of one listing, rules in their order. Exported for its test. */
export function chainsIn(items: readonly Json[]): ForeignChain[] {
  const rules = new Map<string, ForeignRule[]>();
  for (const { rule } of items) {
    if (!isJson(rule) || typeof rule.handle !== "number" || !Array.isArray(rule.expr)) continue;
    const name = String(rule.chain);
    rules.set(name, [...(rules.get(name) ?? []), { handle: rule.handle, expressions: rule.expr.filter(isJson) }]);
  }
  return items.flatMap(({ chain }) => {
    if (!isJson(chain)) return [];
    const { family, table, name, type, hook, prio, policy } = chain;
    return [
      {
        family: String(family),
        table: plain(table),
        chain: plain(name),
        type: text(type),
        hook: text(hook),
        priority: typeof prio === "number" ? prio : 0,
        policy: text(policy),
        rules: rules.get(String(name)) ?? [],
      },
    ];
  });
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Shown to people and put into commands they may copy. */
function plain(value: unknown): string {
  return typeof value === "string" && plainName.test(value) ? value : "?";
}
