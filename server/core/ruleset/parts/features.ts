/**
 * Chains that are there only while something needs them: an always present hook costs every packet, a missing one nothing.
 * All rules are signed, because their listing is compared like that of farms' chains.
 */
import { markText } from "../../allocation/marks.ts";
import type { Feature } from "../model.ts";
import { signed } from "../signature.ts";
import { cutRules } from "./cut.ts";
import type { FixedChain } from "./skeleton.ts";
import { answerHookRules, rawRules } from "./stateless.ts";
import { synproxyHooks } from "./synproxy.ts";

/** In an order in which every jump finds its target. Chain names are of the form NAME_hook: farm chains end in a family. */
export function featureChains(tag: number, feature: Feature): FixedChain[] {
  return chainsOf(tag, feature).map((chain) => ({ ...chain, rules: chain.rules.map(signed) }));
}

function chainsOf(tag: number, feature: Feature): FixedChain[] {
  switch (feature) {
    case "cut":
      return ["forward", "input", "output"].map((hook) => ({
        name: `cut_${hook}`,
        hook: `type filter hook ${hook} priority filter - 1; policy accept;`,
        rules: [`ct mark & 0x7f000000 != ${markText(tag << 24)} accept`, ...cutRules],
      }));
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

const guardRules: readonly string[] = [
  "ip daddr . meta l4proto . th dport vmap @guard4",
  "ip6 daddr . meta l4proto . th dport vmap @guard6",
  "ip daddr . meta l4proto . th dport vmap @grng4",
  "ip6 daddr . meta l4proto . th dport vmap @grng6",
  "ip daddr vmap @gall4",
  "ip6 daddr vmap @gall6",
];
