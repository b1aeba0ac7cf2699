import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { boundLog, Service } from "./processes.mjs";
import { readToken } from "./web.mjs";

const folder = mkdtempSync(join(tmpdir(), "sluice-services-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a service that ends again and again leaves nothing open in its launcher", async () => {
  let ends = 0;
  const onCrash = () => {
    ends += 1;
  };
  const argv = [process.execPath, "-e", "console.log(1)"];
  const service = new Service({
    name: "short",
    argv,
    env: {},
    cwd: folder,
    logFile: join(folder, "short.log"),
    onCrash,
  });
  const openLogs = () => readdirSync("/proc/self/fd").filter((fd) => placeOf(fd).endsWith("short.log"));
  service.start();
  await vi.waitFor(() => expect(ends).toBeGreaterThanOrEqual(2), { timeout: 20_000 });
  await service.stop();
  expect(openLogs()).toEqual([]);
  expect(readFileSync(join(folder, "short.log"), "utf8")).toMatch(/^1\n1\n/);
});

function placeOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ""; // closed meanwhile
  }
}

test("a log that grew too long is kept once and begun anew, and its writer writes on", () => {
  const file = join(folder, "long.log");
  writeFileSync(file, "x".repeat(1000));
  boundLog(file, 1000);
  expect(readFileSync(file, "utf8")).toHaveLength(1000);
  const writer = openSync(file, "a");
  writeSync(writer, "y");
  boundLog(file, 1000);
  expect([readFileSync(file, "utf8"), readFileSync(`${file}.1`, "utf8").length]).toEqual(["", 1001]);
  writeSync(writer, "z");
  closeSync(writer);
  expect(readFileSync(file, "utf8")).toBe("z");
  expect(() => boundLog(join(folder, "none"), 1)).not.toThrow();
});

test("what lies where the sign-in token should be is not waited for, followed or believed", () => {
  const at = (name: string) => join(folder, name);
  writeFileSync(at("good"), `${"t".repeat(43)}\n`);
  symlinkSync(at("good"), at("link"));
  execFileSync("sh", ["-c", "mkfifo pipe"], { cwd: folder });
  writeFileSync(at("long"), "t".repeat(100_000));
  writeFileSync(at("odd"), "\u001b[31m http://evil.example/");
  expect(readToken(at("good"))).toBe("t".repeat(43));
  for (const name of ["link", "pipe", "long", "odd", "none"]) expect(readToken(at(name)), name).toBeNull();
});
