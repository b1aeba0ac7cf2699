/** Puts the rows of the agent's stream together: what a line says of a farm is what changed since the last one. */
import type { FarmLive } from "../core/metrics/live.ts";
import { withNews } from "../core/metrics/row-news.ts";
import type { StreamLine, StreamMessage } from "../wire/stream.ts";

/** Of one stream, line by line; null = news of a farm that was never told. */
export function createStreamRows(): (line: StreamLine) => StreamMessage | null {
  const rows = new Map<string, FarmLive>();
  return (line) => {
    if (line.type !== "hello" && line.type !== "tick") return line;
    for (const row of line.farms) rows.set(row.farmId, row);
    if (line.type === "hello") return line;
    for (const farmId of line.removed) rows.delete(farmId);
    const farms = [...line.farms];
    for (const news of line.news) {
      const before = rows.get(news.farmId);
      if (before === undefined) return null;
      const row = withNews(before, news);
      rows.set(news.farmId, row);
      farms.push(row);
    }
    const { news: _, ...tick } = line;
    return { ...tick, farms };
  };
}
