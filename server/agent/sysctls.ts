/** Settings of the host that its configuration allows us to write; nothing else is ever written. What fails is shown with the command. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Events } from "./events.ts";
import type { Feature } from "./status.ts";

/** Sets what is not so yet; one line of the status for each. */
export function applySysctls(
  wanted: Readonly<Record<string, number>>,
  events: Pick<Events, "add">,
  root = "/proc/sys",
): Feature[] {
  return Object.entries(wanted).map(([name, value]) => {
    const path = `${root}/${name.replaceAll(".", "/")}`;
    const before = read(path);
    if (before === value) return { name: "setting", ok: true, text: `${name} is ${value}, as configured` };
    const reason = write(path, value);
    if (reason !== null)
      return {
        name: "setting",
        ok: false,
        text: `${name} stays ${before ?? "unknown"} (${reason}): sysctl -w ${name}=${value}`,
      };
    events.add({ kind: "agent", text: `${name} was ${before ?? "unknown"} and is now ${value}, as configured` });
    return { name: "setting", ok: true, text: `${name} is ${value}, as configured` };
  });
}

function read(path: string): number | null {
  try {
    return Number(readFileSync(path, "utf8").trim());
  } catch {
    return null;
  }
}

/** null: it is so now. The kernel may take a value and keep another. */
function write(path: string, value: number): string | null {
  try {
    writeFileSync(path, `${value}\n`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (code === "ENOENT") return "this kernel has no such setting";
    return code === "EACCES" || code === "EPERM" ? "the agent may not write it" : `the kernel refused it, ${code}`;
  }
  return read(path) === value ? null : "the kernel kept another value";
}
