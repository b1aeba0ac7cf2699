import { expect, test } from "vitest";
import { behindSudo } from "./host.mjs";
import { show } from "./steps.mjs";

test("what the environment says to the dashboard goes through sudo, and nothing else of it", () => {
  const env = { PORT: "8080", SLUICE_NOTIFY_NETWORKS: "127.0.0.0/8", HOME: "/home/ada" };
  const argv = behindSudo(["--host"], env);
  expect(argv.slice(0, 2)).toEqual(["sudo", "--preserve-env=PORT,SLUICE_NOTIFY_NETWORKS"]);
  expect(argv.at(-1)).toBe("--host");
  expect(behindSudo(["--host"], { HOME: "/home/ada" })[1]).toBe(process.execPath);
});

test("what may not be sent a signal ends when its input does", async () => {
  const script = 'process.stdin.resume().on("end", () => process.exit(7))';
  expect(await show([process.execPath, "-e", script], { until: Promise.resolve() })).toBe(7);
});
