import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/sluice-build-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

const moduleUrl = (name: string) => new URL(name, import.meta.url).href;

/** A Node that runs this text; like the launcher, it imports what it uses by path. */
function node(script: string): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
}

function outputOf(child: ChildProcess): Promise<string> {
  let said = "";
  child.stdout?.on("data", (text) => {
    said += String(text);
  });
  return new Promise((resolve) => child.once("close", () => resolve(said)));
}

test("bundling leaves no process of the bundler behind", async () => {
  writeFileSync(`${folder}/one.ts`, "export const one: number = 1;\n");
  const said = await outputOf(
    node(`
      import { readFileSync } from "node:fs";
      import { bundle } from ${JSON.stringify(moduleUrl("./bundle.mjs"))};
      const children = () => readFileSync("/proc/self/task/" + process.pid + "/children", "utf8").trim();
      await bundle({ one: ${JSON.stringify(`${folder}/one.ts`)} }, ${JSON.stringify(`${folder}/out`)});
      const end = Date.now() + 5000;
      while (children() !== "" && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
      console.log("children:" + children());
    `),
  );
  expect(said.trim()).toBe("children:");
  expect(readFileSync(`${folder}/out/one.mjs`, "utf8")).toContain("one = 1");
});

test("a second build of the checkout waits for the first, and finds its work done", async () => {
  const lock = `${folder}/lock`;
  const done = `${folder}/done`;
  writeFileSync(lock, "");
  const builder = (work: string) =>
    node(`
      import { existsSync, writeFileSync } from "node:fs";
      import { aloneInCheckout } from ${JSON.stringify(moduleUrl("./lock.mjs"))};
      await aloneInCheckout(async () => { ${work} }, ${JSON.stringify(lock)});
    `);
  const first = builder(`
    console.log("building");
    await new Promise((resolve) => process.stdin.once("data", resolve));
    writeFileSync(${JSON.stringify(done)}, "");
    process.stdin.destroy();
  `);
  await new Promise((resolve) => first.stdout?.once("data", resolve));
  const second = builder(`console.log(existsSync(${JSON.stringify(done)}) ? "nothing to do" : "built twice");`);
  const said = outputOf(second);
  await new Promise((resolve) => second.stdout?.once("data", resolve));
  first.stdin?.write("go\n");
  expect(await said).toBe("- waiting for another build of this checkout\nnothing to do\n");
});
