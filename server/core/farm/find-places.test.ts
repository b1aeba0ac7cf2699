import { describe, expect, it } from "vitest";
import { sampleFarm } from "../change/sample.testing.ts";
import { findPlaces, type Place } from "./find-places.ts";

const shop = sampleFarm(1, [{ name: "web-1" }, { name: "web-2" }], { name: "shop", tags: ["paris"] });
const shopTls = sampleFarm(2, [{ name: "web-1" }], {
  name: "shop-tls",
  addresses: ["2001:db8::5"],
  backends: [{ id: "00000000-0000-4000-8000-000000002000", name: "web-1", address: "2001:db8::11", port: 80 }],
});
const web = sampleFarm(3, [{ name: "a" }], { name: "web" });
const farms = [web, shopTls, shop];

const named = ({ farmName, backend }: Place) => (backend === null ? farmName : `${farmName}/${backend.name}`);
const found = (search: string, max = 20) => findPlaces(farms, search, max).places.map(named);

describe("farms and backends are found", () => {
  it("by nothing yet: the farms by name", () => {
    expect(found("  ")).toEqual(["shop", "shop-tls", "web"]);
  });

  it("by name, the very name first, in any case; a farm's name does not list its backends", () => {
    expect(found("SHOP")).toEqual(["shop", "shop-tls"]);
    expect(found("web")).toEqual(["web", "shop/web-1", "shop-tls/web-1", "shop/web-2"]);
  });

  it("by several words that must all be there", () => {
    expect(found("web shop")).toEqual(["shop/web-1", "shop-tls/web-1", "shop/web-2"]);
    expect(found("web-2 shop")).toEqual(["shop/web-2"]);
    expect(found("web-2 tls")).toEqual([]);
  });

  it("by address, address and port, and tag", () => {
    expect(found("192.168.0.1:80")).toEqual(["shop"]);
    expect(found("192.168.101.2")).toEqual(["shop/web-2"]);
    expect(found("[2001:db8::11]:80")).toEqual(["shop-tls/web-1"]);
    expect(found("paris")).toEqual(["shop"]);
  });

  it("and said where they are; what is too many is counted", () => {
    expect(findPlaces(farms, "web", 1)).toEqual({
      places: [{ farmId: web.id, farmName: "web", backend: null, where: "192.168.0.3:80" }],
      more: 3,
    });
  });
});
