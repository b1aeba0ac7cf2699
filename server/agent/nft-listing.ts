/** What the kernel has, read by nft processes of their own: nothing is ever listed through the child that applies. */
import { type Listing, parseElements, parseTableListing } from "../core/ruleset/listing.ts";
import { type ObjectName, tableName } from "../core/ruleset/model.ts";
import { errorWord } from "./nft-errors.ts";
import type { RunProcess } from "./run-process.ts";

export type Listed =
  | { readonly status: "listed"; readonly listing: Listing }
  | { readonly status: "absent" }
  | { readonly status: "failed"; readonly text: string };

export type NftListing = {
  table(): Promise<Listed>;
  /** our table is there; null = could not be told */
  hasTable(): Promise<boolean | null>;
  /** elements of one map or set as compile writes them; null = could not be told */
  elements(object: ObjectName): Promise<ReadonlyMap<string, string> | null>;
};

const timeoutMs = 30_000;

/** sets of addresses only; everything else of the skeleton with data is a map */
const sets: ReadonlySet<ObjectName> = new Set(["bin", "bout", "masq", "members4", "members6", "cut_orig", "cut_reply"]);

export function createNftListing(run: RunProcess, tag: number): NftListing {
  return {
    async table() {
      const result = await run("nft", ["-j", "list", "table", "inet", tableName], { timeoutMs });
      if (result.status === "failed" && /No such file/.test(result.stderr)) return { status: "absent" };
      if (result.status !== "ok")
        return { status: "failed", text: `nft list: ${result.status}, ${errorWord(result.stderr)}` };
      const parsed = parseTableListing(result.stdout, tag);
      if (!parsed.ok) return { status: "failed", text: parsed.error.text };
      return parsed.value === null ? { status: "absent" } : { status: "listed", listing: parsed.value };
    },
    async hasTable() {
      const result = await run("nft", ["list", "tables", "inet"], { timeoutMs });
      return result.status === "ok" ? new RegExp(`^table inet ${tableName}$`, "m").test(result.stdout) : null;
    },
    async elements(object) {
      const kind = sets.has(object) ? "set" : "map";
      const result = await run("nft", ["-j", "list", kind, "inet", tableName, object], { timeoutMs });
      const parsed = result.status === "ok" ? parseElements(result.stdout) : null;
      return parsed?.ok === true ? parsed.value.elements : null;
    },
  };
}
