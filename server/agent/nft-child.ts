/**
 * A long-lived `nft -i`: one applies, another (`-j`) reads. One line is one transaction; nft prints nothing on success, so a unique unknown word is
 * sent as the next line: its syntax error (refused by the parser, no kernel access) is the end mark. Whatever came before
 * the mark is the error of our line. One line in flight; who sends a second one breaks the rule of one writer.
 */
import type { ChildProcessWithoutNullStreams } from "node:child_process";

export type NftAnswer =
  | { readonly status: "ok"; readonly output: string }
  | { readonly status: "error"; readonly text: string }
  /** the child died or hung: whether the transaction happened must be read from the kernel */
  | { readonly status: "lost"; readonly text: string };

export type NftChild = {
  run(line: string, timeoutMs: number): Promise<NftAnswer>;
  pid(): number | null;
  stop(): void;
};

export type NftChildDeps = {
  readonly spawn: () => ChildProcessWithoutNullStreams;
  readonly onLost: (text: string) => void;
  /** true: each line is one listing, which ends with a line end; its text is the answer's output */
  readonly isReader?: boolean;
};

const errorTextMax = 4000;
const stderrMax = 16 * 1024 * 1024;
const outputMax = 512 * 1024 * 1024;

type Pending = {
  readonly mark: string;
  readonly settle: (answer: NftAnswer) => void;
  text: string;
  output: string[];
  outputLength: number;
};

export function createNftChild(deps: NftChildDeps): NftChild {
  let child: ChildProcessWithoutNullStreams | null = null;
  let pending: Pending | null = null;
  let marks = 0;
  let stopped = false;

  function settle(answer: NftAnswer): void {
    const waiting = pending;
    pending = null;
    waiting?.settle(answer);
  }

  function drop(gone: ChildProcessWithoutNullStreams, text: string): void {
    if (child !== gone) return;
    child = null;
    gone.kill("SIGKILL");
    if (!stopped) deps.onLost(text);
    settle({ status: "lost", text });
  }

  /** The mark came, and with it the error of our line or (from a reader) the whole of its listing. */
  function finishIfComplete(from: ChildProcessWithoutNullStreams, waiting: Pending): void {
    const before = textBeforeMark(waiting.text, waiting.mark);
    if (before === null) {
      if (waiting.text.length >= stderrMax) drop(from, "nft printed too much");
    } else if (before !== "") settle({ status: "error", text: before });
    else if (deps.isReader !== true || waiting.output.at(-1)?.endsWith("\n") === true)
      settle({ status: "ok", output: waiting.output.join("") });
    if (waiting.outputLength >= outputMax) drop(from, "nft listed too much");
  }

  function start(): ChildProcessWithoutNullStreams {
    const started = deps.spawn();
    started.stderr.setEncoding("utf8");
    started.stdout.setEncoding("latin1");
    started.stderr.on("data", (chunk: string) => {
      if (pending === null || child !== started) return;
      pending.text += chunk;
      finishIfComplete(started, pending);
    });
    started.stdout.on("data", (chunk: string) => {
      if (pending === null || child !== started || deps.isReader !== true) return;
      pending.output.push(chunk);
      pending.outputLength += chunk.length;
      finishIfComplete(started, pending);
    });
    started.stdin.on("error", () => drop(started, "nft closed its input"));
    started.on("error", (error) => drop(started, `nft did not start: ${error.message}`));
    started.on("exit", (code, signal) => drop(started, `nft ended (${signal ?? code})`));
    child = started;
    return started;
  }

  return {
    run(line, timeoutMs) {
      if (pending !== null) throw new Error("two transactions in flight");
      return new Promise((resolve) => {
        const target = child ?? start();
        const mark = `SluiceEnd${++marks}x`;
        const timer = setTimeout(() => drop(target, `nft did not answer within ${timeoutMs} ms`), timeoutMs);
        pending = {
          mark,
          text: "",
          output: [],
          outputLength: 0,
          settle: (answer) => {
            clearTimeout(timer);
            resolve(answer);
          },
        };
        target.stdin.write(`${line}\n${mark}\n`);
      });
    },
    pid: () => child?.pid ?? null,
    stop() {
      stopped = true;
      if (child !== null) drop(child, "stopped");
    },
  };
}

/** Error text before the end mark ("" = none), or null when the mark has not come yet. The echo of a long line is cut. */
export function textBeforeMark(text: string, mark: string): string | null {
  const at = text.lastIndexOf(`\n${mark}\n`);
  if (at < 0) return null;
  const before = text.slice(0, text.lastIndexOf("Error:", at)).trim();
  return before
    .split("\n")
    .filter((line) => !/^[\^~\s]*$/.test(line))
    .map((line) => (line.length > 400 ? `${line.slice(0, 400)}...` : line))
    .join("\n")
    .slice(0, errorTextMax);
}
