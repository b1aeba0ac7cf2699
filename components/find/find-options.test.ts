import { describe, expect, it } from "vitest";
import type { Place } from "@/server/core/farm/find-places.ts";
import { findOptions } from "./find-options.ts";

const shop: Place = { farmId: "f1", farmName: "shop", backend: null, where: "192.0.2.1:80" };
const shopTls: Place = { farmId: "f2", farmName: "shop-tls", backend: null, where: "192.0.2.1:443" };
const web: Place = { farmId: "f1", farmName: "shop", backend: { id: "b1", name: "web-1" }, where: "10.0.0.1:80" };

const names = (search: string, places: readonly Place[]) => findOptions(search, places).map(({ name }) => name);

describe("the search box offers", () => {
  it("pages and the first farms before anything is typed", () => {
    expect(names("", [shop]).slice(0, 2)).toEqual(["Overview", "Farms"]);
    expect(names("", [shop]).at(-1)).toBe("shop");
  });

  it("pages by their names and by what is on them", () => {
    expect(names("people", [])).toEqual(["Settings"]);
    expect(names("new FARM", [])).toEqual(["New farm"]);
  });

  it("the farm that is named first, with its pages, then the others", () => {
    expect(names("shop", [shop, shopTls])).toEqual([
      "shop",
      "shop, Weights",
      "shop, Settings",
      "shop, Ruleset",
      "shop, History",
      "shop-tls",
    ]);
    expect(findOptions("shop", [shop])[1]?.href).toBe("/farms/f1/weights");
  });

  it("backends with the farm they belong to, each leading to its page", () => {
    expect(findOptions("web", [web])).toEqual([
      { href: "/farms/f1/backends/b1", name: "web-1", what: "backend of shop", where: "10.0.0.1:80" },
    ]);
  });
});
