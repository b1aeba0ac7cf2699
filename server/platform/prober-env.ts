/** The prober's environment, parsed once; the defaults suit a host. */
import { readFileSync } from "node:fs";

export type ProberEnv = {
  readonly socketPath: string;
  /** program that pings; a name is looked up in PATH */
  readonly fping: string;
  /** executables that farms may name as checks */
  readonly checkFolder: string;
  /** authorities that certificates are verified against; null = those that Node brings */
  readonly authoritiesFile: string | null;
  /** most files this process may have open */
  readonly filesMax: number;
};

type Source = Readonly<Record<string, string | undefined>>;

export function parseProberEnv(source: Source, filesMax: number): ProberEnv {
  return {
    socketPath: named(source.SLUICE_PROBER_SOCKET) ?? "/run/sluice/prober.sock",
    fping: named(source.SLUICE_FPING) ?? "fping",
    checkFolder: named(source.SLUICE_CHECK_DIR) ?? "/etc/sluice/checks",
    authoritiesFile: named(source.SLUICE_AUTHORITIES),
    filesMax,
  };
}

/** As the kernel bounds it; Node raised it as far as it may at its start. */
export function openFilesMax(): number {
  const limit = /^Max open files\s+([0-9]+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
  return limit === undefined ? 1024 : Number(limit);
}

function named(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}
