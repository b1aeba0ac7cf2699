/** Which kernel and nft the parts of the rules need, and what is missing where they are older. Pure. */
import type { Farm } from "../core/farm/types.ts";
import type { Finding } from "./preflight.ts";

type Need = {
  readonly what: string;
  readonly kernel: readonly [number, number];
  readonly nft: readonly [number, number, number];
  readonly level: Finding["level"];
  /** only these farms need it; absent: every ruleset does */
  readonly of?: (farm: Farm) => boolean;
};

const needs: readonly Need[] = [
  { what: "refusing connections before they are routed", kernel: [5, 9], nft: [0, 9, 7], level: "problem" },
  {
    what: "the table that keeps established connections through a flush of all rules",
    kernel: [5, 12],
    nft: [0, 9, 9],
    level: "warning",
  },
  {
    what: "refusing frames where they arrive, as direct return does",
    kernel: [5, 11],
    nft: [0, 9, 8],
    level: "problem",
    of: ({ forwarding }) => forwarding === "dsr",
  },
  { what: "a SYN proxy", kernel: [5, 18], nft: [1, 0, 2], level: "problem", of: ({ policy }) => policy.synProxy },
];

/** A version that cannot be read is no finding: the rules themselves will say. */
export function tooOld(kernel: string, nft: string, farms: readonly Farm[]): Finding[] {
  return needs.flatMap((need): Finding[] => {
    const concerned = need.of === undefined ? null : farms.filter(need.of).map(({ id }) => id);
    if (concerned?.length === 0) return [];
    const isOldKernel = isBefore(kernel, need.kernel);
    if (!isOldKernel && !isBefore(nft, need.nft)) return [];
    const [what, has, wants] = isOldKernel
      ? ["Linux", kernel, need.kernel.join(".")]
      : ["nft", nft, need.nft.join(".")];
    return [
      {
        id: `version ${need.what}`,
        level: need.level,
        text: `${what} ${has} is too old for ${need.what}: it needs ${wants} or later`,
        command: isOldKernel ? null : "apt-get install --only-upgrade nftables",
        farmIds: concerned,
      },
    ];
  });
}

function isBefore(version: string, wanted: readonly number[]): boolean {
  const parts = /^([0-9]+(?:\.[0-9]+)*)/.exec(version)?.[1]?.split(".").map(Number);
  if (parts === undefined) return false;
  for (const [at, want] of wanted.entries()) {
    const has = parts[at] ?? 0;
    if (has !== want) return has < want;
  }
  return false;
}
