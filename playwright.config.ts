import { defineConfig } from "@playwright/test";
import { chromiumLaunch } from "./server/lab/chromium.ts";

/** Production build, real agent, real kernel: one lab of its own for the run, so one worker; no test is tried twice. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  globalSetup: "./e2e/open-system.ts",
  workers: 1,
  retries: 0,
  forbidOnly: true,
  // against hangs, not measurements: what a machine several times slower needs
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 20_000,
    navigationTimeout: 40_000,
    launchOptions: chromiumLaunch,
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "enter", testMatch: "enter.setup.ts" },
    { name: "browser", testMatch: "*.spec.ts", testIgnore: "accessibility.spec.ts", dependencies: ["enter"] },
    {
      name: "accessibility",
      testMatch: "accessibility.spec.ts",
      dependencies: ["enter"],
      // a colour on its way from one to another is neither
      use: { contextOptions: { reducedMotion: "reduce" } },
    },
  ],
});
