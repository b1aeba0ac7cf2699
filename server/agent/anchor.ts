/**
 * A table of its own, owned by a living `nft -i`, with one rule that looks at connections. When somebody flushes all rules of the
 * host, the kernel keeps tracking connections because of it, and established ones survive the moment until our rules are back.
 * It is owned by its process: nobody else can remove it, and it goes away with the agent.
 */
import type { NftChild } from "./nft-child.ts";

export type Anchor = {
  /** makes the table, or makes it again; true when it stands */
  hold(): Promise<boolean>;
  stop(): void;
};

const timeoutMs = 3000;
const script =
  "add table inet sluice_anchor { flags owner; }; " +
  "add chain inet sluice_anchor keep { type nat hook postrouting priority 300; policy accept; }; " +
  "add chain inet sluice_anchor track { type filter hook input priority 300; policy accept; }; " +
  "add rule inet sluice_anchor track ct state invalid accept";

export function createAnchor(child: NftChild, log: (event: string, fields: Record<string, unknown>) => void): Anchor {
  return {
    async hold() {
      const answer = await child.run(script, timeoutMs);
      if (answer.status !== "ok") log("anchor-failed", { text: answer.text });
      return answer.status === "ok";
    },
    stop: () => child.stop(),
  };
}
