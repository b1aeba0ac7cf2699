"use client";

import { useAgentState, useFreshness } from "@/components/live/use-live.ts";
import { formatAge } from "@/components/ui/numbers.ts";

/** Agent, revision and kernel, always at hand. */
export function SideFoot() {
  const agent = useAgentState();
  const { state, ageS } = useFreshness();
  const age = ageS === null ? "" : `, ${formatAge(ageS * 1000)}`;
  const words = { connecting: "asking", live: "answering", stale: `silent${age}`, lost: `lost${age}` };
  return (
    <dl className="mt-auto grid gap-[3px] border-t border-line px-2 pt-2.5 pb-0.5 text-small">
      <Line name="Agent" value={words[state]} />
      <Line name="Revision" value={agent?.n == null ? "-" : String(agent.n)} />
      <Line name="Kernel" value={kernelText(agent?.kernel ?? null, agent?.nft ?? null)} />
    </dl>
  );
}

function Line({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="flex justify-between gap-2">
      <dt className="text-ink-3">{name}</dt>
      <dd className="truncate font-medium text-ink-2" title={value}>
        {value}
      </dd>
    </div>
  );
}

/** "6.18.5-cloud, nft 1.0.6" without the distribution's tail. */
function kernelText(kernel: string | null, nft: string | null): string {
  if (kernel === null) return "-";
  const version = /^\d+(\.\d+){0,2}/.exec(kernel)?.[0] ?? kernel;
  const nftVersion = nft === null ? null : (/\d+(\.\d+)+/.exec(nft)?.[0] ?? nft);
  return nftVersion === null ? version : `${version}, nft ${nftVersion}`;
}
