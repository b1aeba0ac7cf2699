/** A length of time in words, by its two largest units: "45 s", "2 min 10 s", "3 h 5 min", "4 d 2 h". */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = units.map(([name, size, in_]) => [name, Math.floor(seconds / size) % in_] as const);
  const first = parts.findIndex(([, count]) => count > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(" ");
}

/** name, seconds, how many make the next */
const units: readonly (readonly [string, number, number])[] = [
  ["d", 86_400, Number.POSITIVE_INFINITY],
  ["h", 3600, 24],
  ["min", 60, 60],
  ["s", 1, 60],
];
