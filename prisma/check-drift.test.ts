import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the committed migrations make exactly the schema, and asking leaves no file in the checkout", () => {
  const checkout = join(import.meta.dirname, "..");
  const databases = () => readdirSync(checkout).filter((name) => name.endsWith(".db"));
  const before = databases();
  const { DATABASE_URL: _url, ...env } = process.env;
  const said = execFileSync(process.execPath, [join(import.meta.dirname, "check-drift.mjs")], {
    cwd: checkout,
    env,
    encoding: "utf8",
  });
  expect(said).toBe("schema and migrations agree\n");
  expect(databases()).toEqual(before);
});
