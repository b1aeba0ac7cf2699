import { describe, expect, it } from "vitest";
import type { LiveEvent } from "../core/metrics/live.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { Database, NewEvent } from "../db/repositories.ts";
import type { FormerLife, StreamMessage } from "../wire/stream.ts";
import { createEventWriter } from "./write-events.ts";

function world() {
  const rows: NewEvent[] = [];
  const switches = { isDown: false, isReadOnly: false };
  const append = async (events: readonly NewEvent[]): Promise<Result<null>> => {
    if (switches.isDown || switches.isReadOnly) return fail("storage", "The database is locked");
    rows.push(...events);
    return ok(null);
  };
  const lastSeq = async (bootId: string): Promise<Result<number | null>> => {
    if (switches.isDown) return fail("storage", "The database is locked");
    const known = rows.flatMap((row) => (row.bootId === bootId && row.seq !== null ? [row.seq] : []));
    return ok(known.length === 0 ? null : Math.max(...known));
  };
  const database = { events: { append, lastSeq } } as unknown as Database;
  const own: LiveEvent[] = [];
  const writer = createEventWriter({ database: async () => ok(database), log: () => {} }, (event) => own.push(event));
  return { writer, rows, own, switches, texts: () => rows.map(({ text }) => text) };
}

const event = (seq: number, kind: LiveEvent["kind"] = "health", revision: number | null = null): LiveEvent => ({
  ...{ seq, at: seq, kind, farmId: null, backendId: null },
  text: `${kind} ${seq}`,
  revision,
});
const hello = (events: readonly LiveEvent[], former?: readonly FormerLife[]) =>
  ({ type: "hello", status: { bootId: "boot", at: 9 }, events, former }) as unknown as StreamMessage;

describe("events of the agent", () => {
  it("are kept with the life they belong to; revisions are not, who records them writes them", async () => {
    const { writer, rows, texts } = world();
    writer.receive(hello([event(1), event(2, "drain", 7)]));
    writer.receive({ type: "event", event: event(3) });
    writer.receive({ type: "event", event: event(4, "change", 8) });
    await writer.flush();
    expect(texts()).toEqual(["health 1", "health 3"]);
    expect(rows.map(({ bootId, seq }) => [bootId, seq])).toEqual([
      ["boot", 1],
      ["boot", 3],
    ]);
  });

  it("wait while the database does not answer, and no more than a thousand do", async () => {
    const { writer, rows, switches } = world();
    switches.isDown = true;
    for (let seq = 1; seq <= 1500; seq++) writer.receive({ type: "event", event: event(seq) });
    await writer.flush();
    switches.isDown = false;
    await writer.flush();
    await writer.flush();
    expect([rows.length, rows[1]?.seq, rows.at(-1)?.seq]).toEqual([1001, 501, 1500]);
    expect(rows[0]).toMatchObject({
      kind: "limit",
      text: "Up to 500 events are not known: the database did not take them for too long",
    });
    writer.receive({ type: "event", event: event(1501) });
    await writer.flush();
    expect(rows).toHaveLength(1002);
  });

  it("are not pushed out by what the agent tells again while the database does not answer", async () => {
    const { writer, texts, switches } = world();
    switches.isDown = true;
    writer.lose("The agent went silent", 5);
    for (let each = 0; each < 20; each++) writer.receive(hello(Array.from({ length: 100 }, (_, at) => event(at + 1))));
    switches.isDown = false;
    await writer.flush();
    expect([texts().length, texts()[0]]).toEqual([102, "The agent went silent"]);
  });

  it("what the agent no longer repeats is told as a hole, once, and only where there is one", async () => {
    const { writer, texts, switches } = world();
    writer.receive(hello([event(1), event(2)]));
    await writer.flush();
    writer.receive(hello([event(2), event(3)]));
    await writer.flush();
    switches.isDown = true;
    writer.receive(hello([event(10), event(11)]));
    await writer.flush();
    switches.isDown = false;
    switches.isReadOnly = true;
    await writer.flush();
    switches.isReadOnly = false;
    await writer.flush();
    writer.receive(hello([event(10), event(11), event(12)]));
    await writer.flush();
    const holes = texts().filter((text) => text.startsWith("Up to"));
    expect(holes).toEqual([expect.stringMatching(/^Up to 6 events are not known/)]);
    expect(texts().indexOf(holes[0] ?? "")).toBeLessThan(texts().indexOf("health 10"));
  });

  it("of an agent that ended while web was away are written as well, before those of its next life", async () => {
    const { writer, rows, texts } = world();
    writer.receive(hello([event(1)], [{ bootId: "former", events: [event(1, "down"), event(2, "change", 8)] }]));
    await writer.flush();
    expect(texts()).toEqual(["down 1", "health 1"]);
    expect(rows.map(({ bootId, seq }) => [bootId, seq])).toEqual([
      ["former", 1],
      ["boot", 1],
    ]);
  });

  it("a life of which nobody heard the beginning is a hole, whichever life it was", async () => {
    const { writer, texts } = world();
    writer.receive(hello([event(5)], [{ bootId: "former", events: [event(31)] }]));
    await writer.flush();
    writer.receive(hello([event(5)], [{ bootId: "former", events: [event(31)] }]));
    await writer.flush();
    expect(
      texts()
        .filter((text) => text.startsWith("Up to"))
        .map((text) => text.slice(0, 12)),
    ).toEqual(["Up to 30 eve", "Up to 4 even"]);
    expect(texts().slice(2, 4)).toEqual(["health 31", "health 5"]);
  });

  it("the agent's loss and return are told once each, by web, to the log and to who listens", async () => {
    const { writer, texts, own } = world();
    writer.receive(hello([]));
    writer.lose("The agent went silent", 5);
    writer.lose("The agent does not run", 6);
    writer.receive(hello([]));
    await writer.flush();
    expect(texts()).toEqual(["The agent went silent", "The agent answers again"]);
    expect(own.map(({ kind, text }) => [kind, text])).toEqual([
      ["lost", "The agent went silent"],
      ["back", "The agent answers again"],
    ]);
  });
});
