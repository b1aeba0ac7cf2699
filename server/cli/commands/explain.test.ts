import { describe, expect, it } from "vitest";
import { backendId, sampleFarm } from "../../core/change/sample.testing.ts";
import { sluice } from "../cli.testing.ts";
import { createFakeAgent } from "../fake-agent.testing.ts";

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50 }]);
const sticky = sampleFarm(2, [{}, {}], { persistence: { timeoutS: 60 } });
const client = "203.0.113.5";

describe("sluice explain", () => {
  it("says farm, rule and candidates where the next connection depends on the ones before", async () => {
    const { link } = createFakeAgent([shop]);
    const { code, out } = await sluice(["explain", client, "192.168.0.1:80"], { link });
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "farm-1: one of its backends",
      "  1. Farm farm-1 answers at 192.168.0.1 tcp port 80",
      "  2. Slots are taken in turn: the next of 3, whoever connects; which one it is depends on the connections before",
      expect.stringMatching(/^ {2}rule: ct mark set numgen inc mod 3 offset 0xd1000000/),
      "",
      "BACKEND  SLOTS   SHARE",
      "web-1        2  66.7 %",
      "web-2        1  33.3 %",
      "",
    ]);
  });

  it("goes by the rules that the kernel lists, not by the settings", async () => {
    const agent = createFakeAgent([shop]);
    agent.switches.rules = `table inet sluice {
	chain f_7_4 {
		ct mark set jhash ip saddr mod 1 seed 0x5eed offset 3506438149 goto sched4
	}
	map slots {
		elements = { 0xd1000005 : 0x51000009 }
	}
	map be4 {
		elements = { 0x51000009 counter packets 0 bytes 0 : 192.168.101.2 . 80 }
	}
}`;
    const { out } = await sluice(["explain", client, "192.168.0.1:80", "--json"], { link: agent.link });
    expect(JSON.parse(out)).toMatchObject({ verdict: "hash", slot: { at: 0, of: 1 }, backend: { name: "web-2" } });
  });

  it("asks what is remembered of the client, and says so when nobody tells", async () => {
    const agent = createFakeAgent([sticky]);
    const ask = async () => (await sluice(["explain", client, "192.168.0.2:80"], { link: agent.link })).out;
    expect(await ask()).toContain("could not be asked");
    agent.switches.stickiness = { known: "entry", backendId: backendId(2, 1), expiresInS: 33 };
    expect(await ask()).toMatch(/^farm-2: web-2 at 192.168.102.2 port 80\n/);
    agent.switches.stickiness = { known: "none" };
    expect(await ask()).toContain("This client is not remembered");
  });

  it("answers with 0 also where nobody answers: that is an answer", async () => {
    const { link } = createFakeAgent([shop]);
    const { code, out } = await sluice(["explain", client, "192.168.0.9:80"], { link });
    expect([code, out]).toEqual([0, "No farm answers\n  1. No farm has the address 192.168.0.9\n"]);
  });

  it("goes by a document where one is named, without an agent", async () => {
    const files = { f: JSON.stringify({ farms: [shop] }) };
    const { code, out } = await sluice(["explain", "--file", "f", client, "192.168.0.1:80"], { files });
    expect([code, out.startsWith("farm-1: one of its backends\n")]).toEqual([0, true]);
  });

  it("refuses a question that is none", async () => {
    expect(await sluice(["explain", "host", "192.168.0.1:80"])).toMatchObject({ code: 1, out: "" });
  });
});
