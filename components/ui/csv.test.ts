import { expect, test } from "vitest";
import { csvText } from "./csv.ts";

test("nothing that people chose or backends answered becomes a formula, and numbers stay numbers", () => {
  const cells = ["=cmd()", "+1+1", "-2+3", "@x", "\t=1", "|calc", "-5", "-0.5", "1e-7", "web-1", 'say "a",\nb'];
  expect(csvText([cells])).toBe(`'=cmd(),'+1+1,'-2+3,'@x,'\t=1,'|calc,-5,-0.5,1e-7,web-1,"say ""a"",\nb"\r\n`);
});
