/**
 * A table of its own, owned by a living `nft -i`, with one rule that looks at connections. When somebody flushes all rules of the
 * host, the kernel keeps tracking connections because of it, and established ones survive the moment until our rules are back.
 * It is owned by its process: nobody else can remove it, and it goes away with the agent.
 */
import { layoutChain, tableName } from "../core/ruleset/model.ts";
import type { NftAnswer, NftChild } from "./nft-child.ts";

export type Anchor = {
  /** makes the table, or makes it again; true when it stands */
  hold(): Promise<boolean>;
  /** our table is there, with the layout we know; null = could not be told. Quick: this child has nothing else to do. */
  seesTable(): Promise<boolean | null>;
  stop(): void;
};

const timeoutMs = 3000;
const script =
  "add table inet sluice_anchor { flags owner; }; " +
  "add chain inet sluice_anchor keep { type nat hook postrouting priority 300; policy accept; }; " +
  "add chain inet sluice_anchor track { type filter hook input priority 300; policy accept; }; " +
  "add rule inet sluice_anchor track ct state invalid accept";

export function createAnchor(child: NftChild, log: (event: string, fields: Record<string, unknown>) => void): Anchor {
  let last: Promise<unknown> = Promise.resolve();
  /** one line at a time */
  function run(line: string): Promise<NftAnswer> {
    const answer = last.then(() => child.run(line, timeoutMs));
    last = answer.catch(() => undefined);
    return answer;
  }
  return {
    async hold() {
      const answer = await run(script);
      if (answer.status !== "ok") log("anchor-failed", { text: answer.text });
      return answer.status === "ok";
    },
    async seesTable() {
      const answer = await run(`list chain inet ${tableName} ${layoutChain}`);
      if (answer.status === "ok") return true;
      return answer.status === "error" && /No such file/.test(answer.text) ? false : null;
    },
    stop: () => child.stop(),
  };
}
