/** This process as the kernel reports it: the page shows that it holds no capability. */
import { readFileSync } from "node:fs";
export type WebProcess = { readonly pid: number; readonly uid: number | null; readonly capabilities: string | null };

export function webProcess(): WebProcess {
  return { pid: process.pid, uid: process.getuid?.() ?? null, capabilities: effectiveCapabilities() };
}

/** "none", or the kernel's hexadecimal mask. */
function effectiveCapabilities(): string | null {
  try {
    const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (mask === undefined) return null;
    return /^0+$/.test(mask) ? "none" : `0x${mask.replace(/^0+/, "")}`;
  } catch {
    return null; // no /proc here: not known is not "none"
  }
}
