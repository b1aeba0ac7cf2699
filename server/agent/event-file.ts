/**
 * The newest events beside the agent's state, a line each: what happened while web was away is told to it also by the agent's next life.
 * Appended without being waited for and without a sync: a power cut may cost the last ones, the end of the process does not. A line that is
 * torn is passed over; a file that cannot be read or written costs a restart its past events and nothing else.
 */
import { closeSync, openSync, readFileSync, renameSync, write as writeFd, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { parseJson } from "../core/json.ts";
import { type LiveEvent, liveEventKinds } from "../core/metrics/live.ts";
import type { FormerLife } from "../wire/stream.ts";
import { eventsMax } from "./events.ts";

const writeAt = promisify(writeFd);
const fileName = "events.log";
/** the file is written anew when it has this many lines */
const linesMax = 10 * eventsMax;

const lineSchema = z.object({
  bootId: z.string(),
  seq: z.int(),
  at: z.number(),
  kind: z.enum(liveEventKinds),
  farmId: z.nullable(z.string()),
  backendId: z.nullable(z.string()),
  text: z.string(),
  revision: z.nullable(z.int()),
});
type Line = z.output<typeof lineSchema>;

export type EventFile = {
  /** of lives before this one, the oldest first */
  readonly former: readonly FormerLife[];
  add(event: LiveEvent): void;
  /** resolves when all that was added is written */
  settled(): Promise<void>;
};

export function openEventFile(dataDir: string, bootId: string): EventFile {
  const path = join(dataDir, fileName);
  let kept = readLines(path).slice(-eventsMax);
  const former = livesOf(kept);
  let waiting: Line[] = [];
  let lines = 0;
  let writing: Promise<void> | null = null;
  /** stays open: opening and closing it for each event would be three turns of the thread pool that changes need; null = it cannot be */
  let fd: number | null = null;
  rewrite();

  /** Whole or not at all. */
  function rewrite(): void {
    try {
      writeFileSync(`${path}.tmp`, textOf(kept), { mode: 0o600 });
      renameSync(`${path}.tmp`, path);
    } catch {
      // a full disk
    }
    reopen();
    lines = kept.length;
  }

  function reopen(): void {
    if (fd !== null) closeSync(fd);
    fd = null;
    try {
      fd = openSync(path, "a", 0o600);
    } catch {
      // tried again with the next event
    }
  }

  async function write(): Promise<void> {
    // never over before `writing` holds it
    await null;
    while (waiting.length > 0) {
      const text = textOf(waiting);
      lines += waiting.length;
      waiting = [];
      if (fd !== null) await writeAt(fd, text).catch(() => undefined);
      // the folder may be made only after the first event; what is kept has the new lines already
      if (fd === null || lines > linesMax) rewrite();
    }
    writing = null;
  }

  return {
    former,
    add(event) {
      const line = { bootId, ...event };
      kept = [...kept, line].slice(-eventsMax);
      waiting.push(line);
      writing ??= write();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}

function readLines(path: string): Line[] {
  let text = "";
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const parsed = lineSchema.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function livesOf(lines: readonly Line[]): FormerLife[] {
  const lives = new Map<string, LiveEvent[]>();
  for (const { bootId, ...event } of lines) {
    const own = lives.get(bootId);
    if (own === undefined) lives.set(bootId, [event]);
    else own.push(event);
  }
  return Array.from(lives, ([bootId, events]) => ({ bootId, events }));
}

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
