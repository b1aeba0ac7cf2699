/** What works on this host and what does not, in sentences, for the status and the settings page. */
import { defaultTag } from "../core/allocation/marks.ts";
import type { AgentEnv } from "../platform/agent-env.ts";
import type { KernelSide } from "./kernel-side.ts";
import type { LiveSide } from "./live-side.ts";
import type { Feature } from "./status.ts";

type Sides = {
  readonly kernelSide: Pick<KernelSide, "netlink" | "nftVersion">;
  readonly liveSide: Pick<LiveSide, "conntrackText" | "proberPid" | "isProberSilent" | "traffic">;
};

export function featuresOf({ kernelSide, liveSide }: Sides): Feature[] {
  const generation = kernelSide.netlink?.generation() ?? null;
  const conntrack = liveSide.conntrackText();
  return [
    { name: "nft", ok: true, text: `nft ${kernelSide.nftVersion}` },
    kernelSide.netlink === null
      ? { name: "peer uid", ok: false, text: "koffi is missing: the modes of the socket decide who may call" }
      : { name: "peer uid", ok: true, text: "callers are known by their uid" },
    generation === null
      ? {
          name: "generation",
          ok: false,
          text: "the kernel's generation cannot be read: foreign changes are found by listing",
        }
      : { name: "generation", ok: true, text: "each transaction is proven by the kernel's generation" },
    conntrack === null
      ? { name: "conntrack", ok: true, text: "active connections are read from the kernel" }
      : { name: "conntrack", ok: false, text: conntrack },
    proberFeature(liveSide),
    ...liveSide.traffic.features(),
  ];
}

export function metricsFeature(address: string | null, problem: string | null): Feature[] {
  if (address === null) return [];
  if (problem === null) return [{ name: "metrics", ok: true, text: `served at http://${address}/metrics` }];
  return [{ name: "metrics", ok: false, text: `${address} cannot be listened on: ${problem}` }];
}

export function settingsOf(env: AgentEnv, sysctls: readonly Feature[]): Feature[] {
  const tag = `0x${env.tag.toString(16).padStart(2, "0")}`;
  return [
    ...(env.tag === defaultTag
      ? []
      : [{ name: "tag", ok: true, text: `connection marks carry ${tag}, as configured` }]),
    ...sysctls,
  ];
}

function proberFeature({ proberPid, isProberSilent }: Pick<LiveSide, "proberPid" | "isProberSilent">): Feature {
  const trouble = (text: string): Feature => ({ name: "prober", ok: false, text });
  if (proberPid() === null) return trouble("the prober is not connected: nobody is checked, no connect times");
  if (isProberSilent())
    return trouble("the prober runs and says nothing: it is starved or hangs, and nobody is checked");
  return { name: "prober", ok: true, text: "backends are checked, and how long connections to them take is measured" };
}
