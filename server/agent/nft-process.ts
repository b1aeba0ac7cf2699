/** A transaction as text: through the long-lived child, or a new `nft -f -` for what is large or must not depend on the child. */
import type { NftAnswer, NftChild } from "./nft-child.ts";
import type { RunProcess } from "./run-process.ts";

export const loadTimeoutMs = 60_000;
const lineTimeoutMs = 600;
/** above this a new process is faster than the interactive child, which reads its line character by character */
const lineBytesMax = 128 * 1024;

export function isForChild(line: string): boolean {
  return line.length <= lineBytesMax;
}

export function nftLine(child: NftChild, run: RunProcess, line: string): Promise<NftAnswer> {
  return isForChild(line) ? child.run(line, lineTimeoutMs + Math.ceil(line.length / 256)) : nftProcess(run, line);
}

export async function nftProcess(run: RunProcess, script: string, args: readonly string[] = []): Promise<NftAnswer> {
  const input = `${script}\n`;
  const result = await run("nft", [...args, "-f", "-"], { input, timeoutMs: loadTimeoutMs });
  if (result.status === "ok") return { status: "ok", output: "" };
  if (result.status === "failed") return { status: "error", text: result.stderr.slice(0, 4000) };
  return { status: "lost", text: `nft: ${result.status}` };
}
