/**
 * The whole product for browser tests: `npm start`'s own launcher on a free port and a temporary folder, lab, agent, database and
 * dashboard included. Everything is gone with `close`, or with the process that opened it.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { handle } from "./open-lab.ts";

const reportSchema = z.object({
  origin: z.string(),
  /** the one-time link that makes the administrator */
  link: z.nullable(z.string()),
  labSocket: z.string(),
  agentSocket: z.string(),
});

export type OpenConsole = z.output<typeof reportSchema> & {
  readonly lab: ReturnType<typeof handle>;
  readonly pid: number;
  readonly state: string;
  close(): Promise<void>;
};

export async function openConsole(words: readonly string[] = []): Promise<OpenConsole> {
  const state = mkdtempSync(`${tmpdir()}/sluice-console-`);
  chmodSync(state, 0o755);
  const launcher = fileURLToPath(new URL("../start/start.mjs", import.meta.url));
  const argv = [process.execPath, launcher, "--json", "--port", "0", "--state", state, ...words];
  const child = spawn("setpriv", ["--pdeathsig=TERM", ...argv], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let said = "";
  child.stderr.on("data", (text) => {
    said += String(text);
  });
  const report = await reportOf(child.stdout, ended, () => said);
  return {
    ...report,
    lab: handle(report.labSocket),
    pid: child.pid ?? 0,
    state,
    close: async () => {
      child.kill("SIGTERM");
      await ended;
      rmSync(state, { recursive: true, force: true });
    },
  };
}

function reportOf(output: NodeJS.ReadableStream, ended: Promise<void>, said: () => string) {
  return new Promise<z.output<typeof reportSchema>>((resolve, reject) => {
    let text = "";
    output.on("data", (chunk) => {
      text += String(chunk);
      const line = text.split("\n").find((one) => one.startsWith("{") && one.endsWith("}"));
      if (line !== undefined) resolve(reportSchema.parse(JSON.parse(line)));
    });
    void ended.then(() => reject(new Error(`the dashboard did not start: ${text}${said()}`)));
  });
}
