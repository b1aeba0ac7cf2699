import { expect, test } from "vitest";
import { parse } from "yaml";
import { scrapeConfig } from "./scrape-config.ts";

test("the scrape configuration names scheme, host with port, and the token", () => {
  expect(parse(scrapeConfig("https://lb.example:3000", "abc"))).toEqual([
    {
      job_name: "sluice",
      scheme: "https",
      authorization: { credentials: "abc" },
      static_configs: [{ targets: ["lb.example:3000"] }],
    },
  ]);
});
