/** What the kernel has, read by processes that only read: nothing is ever listed through the child that applies. */
import { type Listing, parseElements, TableReading } from "../core/ruleset/listing.ts";
import { isNetdev, type ObjectDeclaration, type ObjectName, tableName } from "../core/ruleset/model.ts";
import { objects } from "../core/ruleset/parts/skeleton.ts";
import { scanCounters } from "./counter-scan.ts";
import type { CounterTable } from "./counter-table.ts";
import { errorWord } from "./nft-errors.ts";
import type { NftReader } from "./nft-reader.ts";
import type { RunProcess } from "./run-process.ts";

type Listed =
  | { readonly status: "listed"; readonly listing: Listing }
  | { readonly status: "absent" }
  | { readonly status: "failed"; readonly text: string };

export type NftListing = {
  /** the whole table, by a process of its own: it may take hundreds of megabytes, which go with it */
  table(): Promise<Listed>;
  /** our table is there; null = could not be told */
  hasTable(): Promise<boolean | null>;
  /** elements of one map or set as compile writes them; null = could not be told */
  elements(kind: ObjectDeclaration["kind"], object: string): Promise<ReadonlyMap<string, string> | null>;
  /** the JSON listing of one map or set; null = could not be read */
  text(kind: ObjectDeclaration["kind"], object: string): Promise<string | null>;
  /** how many elements a map has that times out; lists all of them, so it is for rare use. null = could not be told */
  entries(map: string): Promise<number | null>;
  /** counters of one map or set by backend id; null = could not be read */
  counters(object: ObjectName): Promise<CounterTable | null>;
};

export type NftListingDeps = {
  readonly run: RunProcess;
  readonly reader: NftReader;
  readonly tag: number;
  /** counters straight from the kernel; null where that cannot be */
  readonly dump: ((table: string, set: string) => Promise<CounterTable | null>) | null;
  /** lets other work go on between a listing and its parsing */
  readonly pause: () => Promise<void>;
};

const tableTimeoutMs = 30_000;

export function createNftListing({ run, reader, tag, dump, pause }: NftListingDeps): NftListing {
  async function object(kind: ObjectDeclaration["kind"], name: string): Promise<string | null> {
    const answer = await reader.read(`list ${kind} ${isNetdev(name) ? "netdev" : "inet"} ${tableName} ${name}`);
    await pause();
    return answer.status === "ok" ? answer.output : null;
  }

  /** null = there is none; undefined = could not be read */
  async function netdevListing(): Promise<string | null | undefined> {
    const tables = await reader.read("list tables netdev");
    if (tables.status === "ok" && !new RegExp(`"name": "${tableName}"`).test(tables.output)) return null;
    const args = ["-j", "list", "table", "netdev", tableName];
    const result = await run("nft", args, { timeoutMs: tableTimeoutMs });
    // no answer of the reader is no "there is none": taken for that, a table that is there would be written a second time
    if (result.status === "failed" && /No such file/.test(result.stderr)) return null;
    return result.status === "ok" ? result.stdout : undefined;
  }

  return {
    async table() {
      const args = ["-j", "list", "table", "inet", tableName];
      const reading = new TableReading(tag);
      const onStdout = (piece: string) => reading.feed(piece);
      const result = await run("nft", args, { timeoutMs: tableTimeoutMs, onStdout });
      if (result.status === "failed" && /No such file/.test(result.stderr)) return { status: "absent" };
      if (result.status !== "ok")
        return { status: "failed", text: `nft list: ${result.status}, ${errorWord(result.stderr)}` };
      const second = await netdevListing();
      if (second === undefined) return { status: "failed", text: "nft list: the table netdev could not be read" };
      const parsed = reading.end(second);
      if (!parsed.ok) return { status: "failed", text: parsed.error.text };
      return parsed.value === null ? { status: "absent" } : { status: "listed", listing: parsed.value };
    },
    async hasTable() {
      const answer = await reader.read("list tables inet");
      return answer.status === "ok" ? new RegExp(`"name": "${tableName}"`).test(answer.output) : null;
    },
    async elements(kind, name) {
      const text = await object(kind, name);
      const parsed = text === null ? null : parseElements(text);
      return parsed?.ok === true ? parsed.value.elements : null;
    },
    text: object,
    async entries(map) {
      const text = await object("map", map);
      return text === null ? null : (text.match(/"expires"/g)?.length ?? 0);
    },
    async counters(name) {
      const dumped = dump === null ? null : await dump(tableName, name);
      if (dumped !== null) return dumped;
      const text = await object(objects[name].kind, name);
      return text === null ? null : scanCounters(text, tag, pause);
    },
  };
}
