import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkImports } from "./check-imports.mjs";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Violations of a checkout with these files. */
function check(files: Readonly<Record<string, string>>): string[] {
  const root = mkdtempSync(join(tmpdir(), "sluice-imports-"));
  folders.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return checkImports(root);
}

describe("a violation is caught", () => {
  test.each([
    [
      "server/core/a.ts",
      'import { x } from "../db/b.ts";',
      "../db/b.ts",
      "server/core may import nothing of ours but itself",
    ],
    ["server/core/a.ts", 'import fs from "node:fs";', "node:fs", "server/core may use zod/mini and no other package"],
    [
      "server/core/a.ts",
      'import type { X } from "react";',
      "react",
      "server/core may use zod/mini and no other package",
    ],
    [
      "server/agent/a.ts",
      'import {\n  one,\n  two,\n} from "../db/b.ts";',
      "../db/b.ts",
      "server/agent may import server/core, server/wire, server/platform",
    ],
    [
      "server/agent/a.ts",
      'export * from "../usecases/b.ts";',
      "../usecases/b.ts",
      "server/agent may import server/core, server/wire, server/platform",
    ],
    [
      "server/prober/a.ts",
      'const b = await import("../agent/b.ts");',
      "../agent/b.ts",
      "server/prober may import server/core, server/wire, server/platform",
    ],
    [
      "server/usecases/a.ts",
      'import { P } from "../db/generated/client.ts";',
      "../db/generated/client.ts",
      "Prisma's types stay in server/db",
    ],
    ["server/usecases/a.ts", 'import { P } from "@prisma/client";', "@prisma/client", "Prisma stays in server/db"],
    [
      "server/usecases/a.ts",
      'import { P } from "@/server/core/b.ts";',
      "@/server/core/b.ts",
      "@/ is for app and components; write a relative path",
    ],
    ["server/agent/a.ts", 'import koffi from "koffi";', "koffi", "only server/agent/libc.ts uses koffi"],
    [
      "server/start/a.mjs",
      'import "../core/b.ts";',
      "../core/b.ts",
      "server/start may import nothing of ours but itself",
    ],
    [
      "components/a.tsx",
      'import { b } from "@/server/usecases/b.ts";',
      "@/server/usecases/b.ts",
      "components may import server/core",
    ],
    [
      "components/a.tsx",
      'import { b } from "@/app/session.ts";',
      "@/app/session.ts",
      "components may import server/core",
    ],
    [
      "server/lab/a.test.ts",
      'import { b } from "../agent/b.ts";',
      "../agent/b.ts",
      "server/lab may import server/core, server/wire, server/agent-link, server/platform",
    ],
    [
      "server/agent/a.test.ts",
      'import { b } from "../lab/b.ts";',
      "../lab/b.ts",
      "server/agent may import server/core, server/wire, server/platform",
    ],
    ["server/odd/a.ts", 'import { b } from "../core/b.ts";', "../core/b.ts", "server/odd is not in the import table"],
  ])("%s with %s", (path, text, imported, rule) => {
    expect(check({ [path]: text })).toEqual([`${path}: ${imported}: ${rule}`]);
  });

  test("app and instrumentation.ts never reach the database or the agent", () => {
    const text = 'import { a } from "@/server/db/a.ts";';
    const violations = check({ "app/page.tsx": text, "instrumentation.ts": 'import "./server/agent-link/a.ts";' });
    expect(violations.map((violation) => violation.split(": ").slice(0, 2))).toEqual([
      ["app/page.tsx", "@/server/db/a.ts"],
      ["instrumentation.ts", "./server/agent-link/a.ts"],
    ]);
  });

  test("core that reads the clock, chance or the environment", () => {
    for (const expression of ["Date.now()", "new Date()", "Math.random()", "process.env.X"])
      expect(check({ "server/core/a.ts": `export const a = ${expression};` }).length).toBe(1);
  });
});

describe("what the table allows is let through", () => {
  test.each([
    ["server/core/farm/a.ts", 'import * as z from "zod/mini";\nimport { b } from "../result.ts";'],
    ["server/core/a.test.ts", 'import { test } from "vitest";\nimport fc from "fast-check";'],
    [
      "server/core/a.ts",
      '// import fs from "node:fs"; Date.now()\nexport const url = "http://x"; /* require("node:fs") */',
    ],
    ["server/db/a.ts", 'import { P } from "./generated/client.ts";\nimport "@prisma/client";'],
    ["server/agent/libc.ts", 'import koffi from "koffi";'],
    ["server/agent/a.kernel.test.ts", 'import { openLab } from "../lab/open-lab.ts";'],
    ["server/usecases/a.ts", 'import { b } from "../auth/b.ts";\nimport { createHash } from "node:crypto";'],
    ["prisma/seed.ts", 'import farms from "../server/lab/farms.json" with { type: "json" };'],
    ["components/a.tsx", 'import { save } from "@/app/actions/farms.ts";\nimport { useState } from "react";'],
    ["e2e/a.spec.ts", 'import { openLab } from "../server/lab/open-lab.ts";'],
    ["app/page.tsx", 'import { readFarms } from "@/server/usecases/read-farms.ts";'],
  ])("%s", (path, text) => {
    expect(check({ [path]: text })).toEqual([]);
  });
});
