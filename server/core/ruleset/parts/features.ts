/**
 * Chains that are there only while something needs them: an always present hook costs every packet, a missing one nothing.
 * All rules are signed, because their listing is compared like that of farms' chains.
 */
import { markText } from "../../allocation/marks.ts";
import { deviceText, type Feature } from "../model.ts";
import { digest, signed } from "../signature.ts";
import { cutRules } from "./cut.ts";
import { ingressRules } from "./dsr.ts";
import type { FixedChain } from "./skeleton.ts";
import { answerHookRules, rawRules } from "./stateless.ts";
import { synproxyHooks } from "./synproxy.ts";

/** In an order in which every jump finds its target. Chain names are of the form NAME_hook: farm chains end in a family. */
export function featureChains(tag: number, feature: Feature): FixedChain[] {
  return chainsOf(tag, feature).map((chain) => ({ ...chain, rules: chain.rules.map(signed) }));
}

/** The chain that takes frames of one device. */
function ingressChain(device: string): FixedChain {
  const hook = `type filter hook ingress device ${deviceText(device)} priority -500; policy accept;`;
  return { name: `ingress_${digest(device)}`, hook, rules: ingressRules };
}

function chainsOf(tag: number, feature: Feature): FixedChain[] {
  if (isIngress(feature)) return [ingressChain(feature.slice(ingressPrefix.length))];
  switch (feature) {
    case "cut":
      return ["forward", "input", "output"].map((hook) => ({
        name: `cut_${hook}`,
        hook: `type filter hook ${hook} priority filter - 1; policy accept;`,
        rules: [`ct mark & 0x7f000000 != ${markText(tag << 24)} accept`, ...cutRules],
      }));
    case "dsr":
      return [];
    case "guard":
      return ["prerouting", "output"].map((hook) => ({
        name: `guard_${hook}`,
        hook: `type filter hook ${hook} priority mangle; policy accept;`,
        rules: guardRules,
      }));
    case "qos":
      return [
        {
          name: "qos_postrouting",
          hook: "type filter hook postrouting priority mangle; policy accept;",
          rules: ["ct mark vmap @qos"],
        },
      ];
    case "synproxy":
      return synproxyHooks.map(({ name, at, rules }) => ({
        name,
        hook: `type filter hook ${at}; policy accept;`,
        rules,
      }));
    case "stateless":
      return [
        { name: "raw_prerouting", hook: "type filter hook prerouting priority raw; policy accept;", rules: rawRules },
        {
          name: "raw_postrouting",
          hook: "type filter hook postrouting priority filter; policy accept;",
          rules: answerHookRules,
        },
      ];
  }
}

const ingressPrefix = "ingress:";

function isIngress(feature: Feature): feature is `ingress:${string}` {
  return feature.startsWith(ingressPrefix);
}

const guardRules: readonly string[] = [
  "ip daddr . meta l4proto . th dport vmap @guard4",
  "ip6 daddr . meta l4proto . th dport vmap @guard6",
  "ip daddr . meta l4proto . th dport vmap @grng4",
  "ip6 daddr . meta l4proto . th dport vmap @grng6",
  "ip daddr vmap @gall4",
  "ip6 daddr vmap @gall6",
];
