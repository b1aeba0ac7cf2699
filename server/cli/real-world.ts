/** The world of a real command line: this process, its terminal, files and the agent's socket. */
import { randomUUID } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { userInfo } from "node:os";
import { fail, ok, type Result } from "../core/result.ts";
import { type CliEnv, parseCliEnv } from "../platform/cli-env.ts";
import { printable } from "./printable.ts";
import type { OpenAgent, World } from "./world.ts";

/** the agent answers a change within 1 s and an import within 30 s, if only with "unknown" */
const changeMs = 32_000;

export function realWorld(): World {
  const uid = process.getuid?.() ?? 0;
  const env = parseCliEnv(process.env, uid);
  const interrupt = new AbortController();
  process.once("SIGINT", () => {
    // whoever does not listen for it has nothing to tidy up
    if (interrupt.signal.aborted || !isListenedTo) process.exit(130);
    interrupt.abort();
  });
  let isListenedTo = false;
  const { stdout, stderr } = process;
  for (const stream of [stdout, stderr]) stream.on("error", endQuietly);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    // asked anew each time: a window changes its size while `top` runs
    get screen() {
      return {
        isTty: stdout.isTTY,
        hasColor: stdout.isTTY && env.mayColor,
        columns: stdout.isTTY ? (stdout.columns ?? env.columns) : env.columns,
        rows: stdout.isTTY ? (stdout.rows ?? null) : null,
      };
    },
    readText,
    openAgent: (asked) => openAgent(asked, env),
    newId: randomUUID,
    nowMs: Date.now,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    user: { uid, name: nameOfUser(uid) },
    keys: (onKey) => typed(onKey, () => interrupt.abort()),
    get interrupted() {
      isListenedTo = true;
      return interrupt.signal;
    },
  };
}

/** Each key as the terminal sends it. Ctrl+C is a key like others there, so it is told apart here. */
function typed(onKey: (key: string) => void, onInterrupt: () => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  const hear = (text: string) => (text.includes("\u0003") ? onInterrupt() : onKey(text));
  stdin.setRawMode(true).setEncoding("utf8").on("data", hear);
  return () => {
    stdin.off("data", hear).setRawMode(false).pause();
  };
}

/** `sluice compile ... | head` closes the pipe: no error of ours. */
function endQuietly(error: NodeJS.ErrnoException): void {
  process.exit(error.code === "EPIPE" ? 0 : 1);
}

async function openAgent(asked: string | undefined, env: CliEnv): Promise<Result<OpenAgent>> {
  const [{ findSocket }, { createAgentLink }] = await Promise.all([
    import("./find-socket.ts"),
    import("../agent-link/create-agent-link.ts"),
  ]);
  const socketPath = await findSocket(asked, env);
  if (!socketPath.ok) return socketPath;
  const link = createAgentLink({ socketPath: socketPath.value, changeMs, previewMs: changeMs });
  return ok({ link, socketPath: socketPath.value });
}

async function readText(path: string, bytesMax: number): Promise<Result<string>> {
  const name = path === "-" ? "standard input" : printable(path);
  try {
    if (path !== "-" && statSync(path).isDirectory()) return fail("invalid", `${name} is a folder, not a document`);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of path === "-" ? process.stdin : createReadStream(path)) {
      const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk), "utf8");
      bytes += buffer.length;
      if (bytes > bytesMax)
        return fail("too-large", `${name} is larger than ${bytesMax / 1024 / 1024} MB, the most a document may be`);
      chunks.push(buffer);
    }
    return ok(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    return fail("invalid", `${name} ${whyUnread(error)}`, { detail: String(error) });
  }
}

function whyUnread(error: unknown): string {
  if (error instanceof TypeError) return "is not UTF-8 text";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT") return "does not exist";
  return code === "EACCES" ? "may not be read by this user" : `cannot be read (${code})`;
}

function nameOfUser(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${uid}`;
  }
}
