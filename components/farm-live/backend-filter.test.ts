import { expect, it } from "vitest";
import { fitsFilter } from "./backend-filter.ts";

const web = { name: "web-12", address: "10.0.0.12", port: 8080, adminState: "drain" } as const;

it("a backend is found by name, address with port, state, and several of them", () => {
  const fits = (text: string) => fitsFilter(web, "down", text);
  expect(["", " ", "WEB-1", "10.0.0.12:80", "draining", "down web"].map(fits)).toEqual(Array(6).fill(true));
  expect(["web-13", "up", "down db"].map(fits)).toEqual([false, false, false]);
});
