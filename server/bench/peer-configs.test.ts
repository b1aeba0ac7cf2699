import { describe, expect, test } from "vitest";
import { haproxyConfig, iptablesRules, nftlbConfig, nginxConfig } from "./peer-configs.ts";

const site = { vips: ["172.20.0.1", "172.20.0.2"], backends: ["10.63.0.1", "10.63.0.2", "10.63.0.3"] };

describe("the same farms in every peer's words", () => {
  test("iptables: each rule takes its part of what the rules before it left, and the last takes all that is left", () => {
    const rules = iptablesRules(site).split("\n");
    expect(rules.slice(1, 4).map((rule) => /--every ([0-9]+)/.exec(rule)?.[1] ?? "all")).toEqual(["3", "2", "all"]);
    expect(rules.filter((rule) => rule.includes("-d 172.20.0.2 "))).toHaveLength(3);
  });

  test("every peer has every farm with every backend", () => {
    const texts = [iptablesRules(site), nftlbConfig(site), haproxyConfig(site), nginxConfig(site, "/tmp")];
    for (const text of texts) {
      for (const vip of site.vips) expect(text).toContain(vip);
      for (const backend of site.backends) expect(text.split(backend)).toHaveLength(1 + site.vips.length);
    }
  });
});
