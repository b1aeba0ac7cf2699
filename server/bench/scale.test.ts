import { expect, test } from "vitest";
import { entriesOf } from "./scale.ts";

test("sluice stands at every size, nftlb at every one that it loads, proxies and chains at both ends, what balances nothing once", () => {
  const sizes = [1, 10, 100, 1000].map((farms) => ({ farms, backends: 10 }));
  const farmsOf = (name: string) => entriesOf(sizes).flatMap(({ peer, farms }) => (peer.name === name ? [farms] : []));
  expect(farmsOf("sluice")).toEqual([1, 10, 100, 1000]);
  expect(farmsOf("nftlb")).toEqual([1, 10, 100]);
  expect(farmsOf("iptables nth")).toEqual([1, 1000]);
  expect(farmsOf("no balancer")).toEqual([1]);
});
