/**
 * Reads the host's configuration. Whoever can write it decides who may call the agent, so it is only taken from root, out of a folder
 * of root's; what is asked is the open file, not its name.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import { type AgentConfig, emptyConfig, parseAgentConfig } from "../platform/agent-config.ts";

type ReadConfig = { readonly ok: true; readonly value: AgentConfig } | { readonly ok: false; readonly error: string };

const bytesMax = 64 * 1024;
const writableByOthers = 0o022;

/** null: there is nothing to read, and the defaults hold */
export function readConfigFile(path: string | null): ReadConfig {
  if (path === null) return { ok: true, value: emptyConfig };
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT" || code === "ENOTDIR") return { ok: true, value: emptyConfig };
    return refuse(path, `it cannot be read (${code})`);
  }
  try {
    return readOpen(path, fd);
  } finally {
    closeSync(fd);
  }
}

function readOpen(path: string, fd: number): ReadConfig {
  const file = fstatSync(fd);
  const reason = distrust(file, "it") ?? distrust(statSync(dirname(path)), "its folder");
  if (reason !== null) return refuse(path, reason);
  if (!file.isFile()) return refuse(path, "it is no plain file");
  if (file.size > bytesMax) return refuse(path, `it is larger than ${bytesMax} bytes`);
  const bytes = Buffer.alloc(bytesMax);
  const parsed = parseAgentConfig(bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytesMax, 0)));
  return parsed.ok ? { ok: true, value: parsed.value } : refuse(path, parsed.error);
}

function distrust({ uid, mode }: Stats, what: string): string | null {
  if (uid !== 0) return `${what} belongs to uid ${uid}; it must belong to root: chown root`;
  return (mode & writableByOthers) === 0 ? null : `${what} can be written by others than root: chmod go-w`;
}

function refuse(path: string, reason: string): ReadConfig {
  const lines = reason.split("\n").map((line) => `${path}: ${line}`);
  return { ok: false, error: lines.join("\n") };
}
