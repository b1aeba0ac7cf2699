#!/usr/bin/env node
/** `npx sluice ...`: the command line, from its bundle. Standard output is the command's alone: a script goes through a pipe. */
import { withNode } from "./node-version.mjs";

await withNode(async () => {
  const { Problem } = await import("./steps.mjs");
  try {
    const { cliBundle } = await import("./cli-bundle.mjs");
    const { pathToFileURL } = await import("node:url");
    await import(pathToFileURL(await cliBundle()).href);
  } catch (error) {
    process.stderr.write(`${error instanceof Problem ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
});
