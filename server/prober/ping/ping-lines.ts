/** What fping prints, one line an address. Versions differ in padding and in words that are not read here. */

export type PingLine = {
  readonly address: string;
  /** "unreachable" = the kernel refused to send; a line that says "silent" follows */
  readonly outcome: "alive" | "silent" | "unreachable";
  readonly tookUs: number;
};

export function parsePingLine(line: string): PingLine | null {
  const alive = /^(\S+)\s+is alive \(([0-9.]{1,12}) ms/.exec(line);
  if (alive !== null) {
    const [, address = "", ms = ""] = alive;
    return { address, outcome: "alive", tookUs: Math.round(Number(ms) * 1000) };
  }
  const silent = /^(\S+)\s+is unreachable/.exec(line);
  if (silent !== null) return { address: silent[1] ?? "", outcome: "silent", tookUs: 0 };
  const refused = /^(\S+): error while sending ping/.exec(line);
  if (refused !== null) return { address: refused[1] ?? "", outcome: "unreachable", tookUs: 0 };
  return null;
}
