/** One step of the difference between two rulesets. A list of ops is one transaction. */
import type { ObjectDeclaration } from "./model.ts";

export type Op =
  /** the table anew, with the skeleton: an atomic replacement, valid on first load too */
  | { readonly type: "replace-table"; readonly tag: number }
  /** the skeleton declared again where it is missing, its fixed rules written anew: keeps elements and counters */
  | { readonly type: "redeclare"; readonly tag: number }
  /** the second table with its shared maps, where they are missing; fresh: what an earlier life left there goes first. And all of it away */
  | { readonly type: "add-netdev"; readonly isFresh: boolean }
  | { readonly type: "delete-netdev" }
  | { readonly type: "add-object"; readonly object: string; readonly declaration: ObjectDeclaration }
  | { readonly type: "delete-object"; readonly object: string; readonly kind: ObjectDeclaration["kind"] }
  /** `hook` null: a chain that others go to */
  | { readonly type: "add-chain"; readonly chain: string; readonly hook: string | null }
  | { readonly type: "flush-chain"; readonly chain: string }
  /** all rules of a chain, one by one where they stand for each other; `before` is what it has */
  | {
      readonly type: "rewrite-chain";
      readonly chain: string;
      readonly before: readonly string[];
      readonly rules: readonly string[];
    }
  | { readonly type: "add-rule"; readonly chain: string; readonly rule: string }
  | { readonly type: "delete-chain"; readonly chain: string }
  | {
      readonly type: "add-elements";
      readonly object: string;
      readonly elements: readonly (readonly [string, string])[];
    }
  | { readonly type: "delete-elements"; readonly object: string; readonly keys: readonly string[] };
