import { describe, expect, it } from "vitest";
import { farmRuleText } from "./listing-rule.ts";

const setting = (value: unknown) => [{ mangle: { key: { ct: { key: "mark" } }, value } }];
const leading = { goto: { target: "sched4" } };
const field = (protocol: string, name: string) => ({ payload: { protocol, field: name } });

describe("a listed rule of a farm reads as it was written", () => {
  it.each<[string, unknown]>([
    ["ct mark set numgen inc mod 3 offset 0xd1000000", { numgen: { mode: "inc", mod: 3, offset: -788_529_152 } }],
    [
      "ct mark set jhash ip saddr mod 1024 seed 0x51ace01d offset 0xd1000400",
      { jhash: { mod: 1024, seed: 1_370_284_061, offset: 3_506_439_168, expr: field("ip", "saddr") } },
    ],
    [
      "ct mark set jhash ip6 saddr . th sport mod 4093 seed 0x51ace01d offset 0xd1001000",
      {
        jhash: {
          mod: 4093,
          seed: 1_370_284_061,
          offset: 3_506_442_240,
          expr: { concat: [field("ip6", "saddr"), field("th", "sport")] },
        },
      },
    ],
    ["ct mark set symhash mod 1024 offset 0xd1000000", { symhash: { mod: 1024, offset: 3_506_438_144 } }],
  ])("%s", (text, value) => {
    expect(farmRuleText(setting(value))).toBe(text);
  });

  it("and so does the one that leads on, and one that does both", () => {
    expect(farmRuleText([leading])).toBe("goto sched4");
    const both = [...setting({ symhash: { mod: 8, offset: 3_506_438_144 } }), leading];
    expect(farmRuleText(both)).toBe("ct mark set symhash mod 8 offset 0xd1000000 goto sched4");
  });

  it.each<[string, unknown]>([
    ["hashes something else", { jhash: { mod: 2, seed: 1, offset: 1, expr: { meta: { key: "mark" } } } }],
    ["has no offset", { symhash: { mod: 2 } }],
    ["is of another kind", { map: { key: 1, data: 2 } }],
  ])("unless it %s", (_what, value) => {
    expect(farmRuleText(setting(value))).toMatch(/^unknown: /);
  });
});
