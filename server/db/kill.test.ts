import { spawn } from "node:child_process";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { temporaryDatabases } from "./temporary-database.testing.ts";

const databases = temporaryDatabases();
afterAll(() => databases.end());

const rounds = 3;

test("after kill -9 at any step nothing acknowledged is lost and nothing is half written", {
  timeout: 60_000,
}, async () => {
  const path = databases.file();
  let acknowledged = 0;
  for (let round = 1; round <= rounds; round++) {
    // another count each round, so that the kill falls into another step
    acknowledged = await writeUntilKilled(path, acknowledged + 5 * round);
    const sqlite = new Sqlite(path);
    expect(sqlite.pragma("integrity_check", { simple: true })).toBe("ok");
    const { n, digest } = sqlite.prepare("SELECT n, digest FROM Balancer").get() as { n: number; digest: string };
    expect(n).toBeGreaterThanOrEqual(acknowledged);
    expect(digest).toBe(`digest ${n}`);
    expect(sqlite.prepare("SELECT version, document ->> 'notes' AS notes FROM Farm").all()).toEqual([
      { version: n, notes: `revision ${n}` },
    ]);
    expect(sqlite.prepare("SELECT weight FROM Backend ORDER BY position").pluck().all()).toEqual([
      n % 1000,
      (n + 1) % 1000,
    ]);
    expect(sqlite.prepare("SELECT count(*), max(n) FROM Revision").raw().get()).toEqual([n, n]);
    expect(sqlite.prepare("SELECT count(*) FROM RevisionFarm").pluck().get()).toBe(n);
    expect(sqlite.prepare("SELECT count(*) FROM \"Change\" WHERE state = 'applied'").pluck().get()).toBe(n);
    // what was asked for and not answered may stand there as applying: the agent is asked for it by uuid
    sqlite.prepare("DELETE FROM \"Change\" WHERE state = 'applying'").run();
    sqlite.close();
    acknowledged = n;
  }
});

/** Starts a writer, kills it as soon as it has said this number, and answers the last number it said. */
function writeUntilKilled(path: string, until: number): Promise<number> {
  const script = join(import.meta.dirname, "accept-loop.testing.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, path], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (lastNumber(said) >= until) child.kill("SIGKILL");
  });
  return new Promise((resolve, reject) => {
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(lastNumber(said));
      else reject(new Error(`the writer ended by itself, code ${code}`));
    });
  });
}

function lastNumber(text: string): number {
  return Number(text.split("\n").at(-2) ?? 0);
}
