/** Keys of the prober's targets: the kernel's number of a backend, and what is asked of it. */
import type { Probe } from "../wire/prober.ts";

export function probeKey(markId: number, what: Probe["what"]): string {
  return `${markId}:${what}`;
}

export function markOf(key: string): number {
  return Number(key.split(":")[0]);
}

export function isOf(key: string, what: Probe["what"]): boolean {
  return key.endsWith(`:${what}`);
}
