import { expect, test } from "vitest";
import type { Operation } from "../core/change/operation.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { parseNetwork } from "../core/farm/networks.ts";
import type { Applier } from "./applier.ts";
import { type Consent, withHostConsent } from "./host-consent.ts";

const actor = { id: "test", name: "test" };
const put = (number: number, policy: object): Operation => ({
  type: "put-farm",
  base: null,
  farm: testFarm(number, undefined, { policy }),
});

const anywhere = { farmNetworks: null, backendNetworks: null };

/** An applier that only says that it was asked. */
function asking(tcpLoose: number | null, more: Partial<Consent> = {}) {
  const asked: string[] = [];
  const note = (what: string) => () => {
    asked.push(what);
    return Promise.resolve({ outcome: "unknown" as const, uuid: "u" });
  };
  const applier = { change: note("change"), seed: note("seed"), preview: note("preview") } as unknown as Applier;
  return { asked, applier: withHostConsent(applier, { ...anywhere, tcpLoose: () => tcpLoose, ...more }) };
}

test.each([1, null])("a SYN proxy is refused with the host's setting while tcp_loose is %s", async (tcpLoose) => {
  const { asked, applier } = asking(tcpLoose);
  const request = { uuid: "u", actor, operations: [put(1, { synProxy: true })] };
  const refused = await applier.change(request, 0);
  expect(refused).toMatchObject({
    outcome: "refused",
    error: {
      code: "unsupported",
      issues: [
        {
          path: "policy.synProxy",
          message: expect.stringContaining("sysctl -w net.netfilter.nf_conntrack_tcp_loose=0"),
        },
      ],
    },
  });
  expect(await applier.preview(request)).toMatchObject({ ok: false });
  const farms = [testFarm(1), testFarm(2, undefined, { policy: { synProxy: true } })];
  expect(await applier.seed({ uuid: "u", actor, epoch: 1, farms }, 0)).toMatchObject({
    error: { issues: [{ path: "farms[1].policy.synProxy" }] },
  });
  expect(asked).toEqual([]);
});

test("among several operations the one that asks is named", async () => {
  const operations = [put(1, {}), put(2, { synProxy: true })];
  expect(await asking(1).applier.change({ uuid: "u", actor, operations }, 0)).toMatchObject({
    error: { issues: [{ path: "operations[1].farm.policy.synProxy" }] },
  });
});

test("a host that agreed, and changes without a SYN proxy, are passed on", async () => {
  const agreed = asking(0);
  await agreed.applier.change({ uuid: "u", actor, operations: [put(1, { synProxy: true })] }, 0);
  await agreed.applier.seed({ uuid: "u", actor, epoch: 1, farms: [testFarm(1)] }, 0);
  expect(agreed.asked).toEqual(["change", "seed"]);
  const other = asking(1);
  await other.applier.change({ uuid: "u", actor, operations: [put(1, { deny: ["10.0.0.0/8"] })] }, 0);
  expect(other.asked).toEqual(["change"]);
});

test("farms answer, and traffic is sent, only where the host's owner allows it", async () => {
  const networks = (...texts: string[]) => texts.map(parseNetwork).filter((network) => typeof network === "object");
  const own = testFarm(1);
  const [vip = ""] = own.addresses;
  const [first = "", ...others] = own.backends.map(({ address }) => address);
  const ask = (more: Partial<Consent>, farm = own) => {
    const { asked, applier } = asking(0, more);
    const operations: Operation[] = [{ type: "put-farm", base: null, farm }];
    return { asked, answer: applier.change({ uuid: "u", actor, operations }, 0) };
  };
  const inside = { farmNetworks: networks(vip), backendNetworks: networks(first, ...others) };
  expect(ask(inside).asked).toEqual(["change"]);
  const elsewhere = ask({ ...inside, farmNetworks: networks("203.0.113.0/24") });
  expect(await elsewhere.answer).toMatchObject({
    outcome: "refused",
    error: {
      code: "unsupported",
      issues: [{ path: "addresses[0]", message: expect.stringContaining("farmNetworks") }],
    },
  });
  const away = ask(
    { backendNetworks: networks(...others, "203.0.113.0/24") },
    { ...own, sorryServer: { address: "198.51.100.9", port: 80 } },
  );
  expect(await away.answer).toMatchObject({
    error: { issues: [{ path: "backends[0].address" }, { path: "sorryServer.address" }] },
  });
  expect([elsewhere.asked, away.asked]).toEqual([[], []]);
});
