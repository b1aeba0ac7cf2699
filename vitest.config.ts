import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** as in tsconfig.json: app and components import from the root */
const alias = { "@": fileURLToPath(new URL(".", import.meta.url)) };

/** Against hangs, not a measurement: what a machine several times slower needs for one set-up, or until what is waited for came. */
const patient = { testTimeout: 60_000, hookTimeout: 60_000, expect: { poll: { timeout: 20_000 } } };

/** `*.kernel.test.ts` need nft and network namespaces of their own, so they run in a project of their own; two files at a time, for they wait more than they work. */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [
            "**/node_modules/**",
            "**/.next/**",
            "**/dist/**",
            "e2e/**",
            "**/*.kernel.test.ts",
            "**/*.start.test.ts",
          ],
          // pure logic: files share their modules, which else take half of the time
          isolate: false,
          maxWorkers: 2,
          ...patient,
        },
      },
      {
        test: {
          name: "kernel",
          include: ["**/*.kernel.test.ts"],
          exclude: ["**/node_modules/**", "**/.next/**", "**/dist/**", "e2e/**"],
          maxWorkers: 2,
          ...patient,
        },
      },
      {
        test: {
          name: "start",
          include: ["server/{lab,start}/*.start.test.ts"],
          fileParallelism: false,
          ...patient,
        },
      },
    ],
  },
});
