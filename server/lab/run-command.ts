/** Runs one program to its end, argv only, and gives back what it said. Never throws for a non-zero exit. */
import { spawn } from "node:child_process";
import type { ExecReport } from "./messages.ts";

export function runCommand(
  argv: readonly string[],
  options: { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<ExecReport> {
  return new Promise((resolve) => {
    const [program = "", ...rest] = argv;
    const child = spawn(program, rest, { stdio: ["pipe", "pipe", "pipe"] });
    const out = { stdout: "", stderr: "" };
    const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs ?? 10_000);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out.stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      out.stderr += text;
    });
    child.stdin.on("error", () => undefined);
    child.on("error", (error) => {
      out.stderr += error.message;
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, ...out });
    });
    child.stdin.end(options.input ?? "");
  });
}

/** For steps that must work: the program's own words become the error. */
export async function mustRun(argv: readonly string[], input = ""): Promise<string> {
  const report = await runCommand(argv, { input });
  if (report.code === 0) return report.stdout;
  const said = report.stderr.trim().split("\n").join("; ");
  throw new Error(`${argv.join(" ")}: ${said === "" ? `exit code ${report.code}` : said}`);
}

export function inNamespace(namespace: string, argv: readonly string[]): string[] {
  return ["ip", "netns", "exec", namespace, ...argv];
}
