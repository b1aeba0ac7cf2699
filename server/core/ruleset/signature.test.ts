import { describe, expect, it } from "vitest";
import { digest, keyOfComment, ruleKey, signed } from "./signature.ts";

describe("a signed rule", () => {
  it("is known by its signature, whatever else the listing prints", () => {
    const rule = signed("ip saddr @list_1_4_0a1b counter drop");
    const comment = /comment "(.*)"$/.exec(rule)?.[1];
    expect(ruleKey(rule)).toBe(keyOfComment(comment));
    expect(ruleKey(`whatever nft prints ${rule.slice(rule.indexOf("comment"))}`)).toBe(ruleKey(rule));
  });

  it("has another signature when one character differs", () => {
    expect(ruleKey(signed("ct mark set 0x51000001"))).not.toBe(ruleKey(signed("ct mark set 0x51000002")));
  });

  it("is not taken for signed when the comment is somebody else's", () => {
    expect(keyOfComment("s:nothex00")).toBeNull();
    expect(keyOfComment("hello")).toBeNull();
    expect(keyOfComment(undefined)).toBeNull();
    expect(ruleKey("ct mark set 0x51ffffff")).toBe("ct mark set 0x51ffffff");
  });

  it("digests as FNV-1a does", () => {
    expect(digest("")).toBe("811c9dc5");
    expect(digest("a")).toBe("e40c292c");
    expect(digest("foobar")).toBe("bf9cf968");
  });
});
