import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";

const module = new URL("stopper.mjs", import.meta.url).href;
const launcher = `import(${JSON.stringify(module)}).then(({ endWithNpm }) => {
  endWithNpm();
  console.log(process.pid);
  setInterval(() => undefined, 1000);
});`;
/** Stands where npm does: its command line names it. */
const npm = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(launcher)}], { stdio: "inherit" });`;

let parent: ChildProcess;
let launcherPid = 0;
afterEach(() => {
  parent.kill("SIGKILL");
  try {
    process.kill(launcherPid, "SIGKILL");
  } catch {
    // it has ended
  }
});

test("a launcher whose npm is killed ends, also before there is anything to stop", async () => {
  const env = { ...process.env, npm_lifecycle_event: "start" };
  parent = spawn(process.execPath, ["-e", npm, "npm"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const { stdout } = parent;
  if (stdout === null) throw new Error("no pipe");
  const [pid] = await once(stdout, "data");
  launcherPid = Number(String(pid));
  const ended = once(stdout, "end");
  parent.kill("SIGKILL");
  // the launcher holds the other end as long as it lives
  await ended;
  expect(stdout.readableEnded).toBe(true);
});
