import { describe, expect, it } from "vitest";
import { sampleFarm } from "../change/sample.testing.ts";
import type { Farm } from "../farm/types.ts";
import type { LoggedEvent, Notice } from "./notice.ts";
import { type Plan, plan } from "./plan.ts";
import { noProgress } from "./progress.ts";
import { defaultKinds } from "./target.ts";

const shop = sampleFarm(1, [{}, {}]);
const other = sampleFarm(2, [{}]);
const minuteMs = 60_000;

type Planned = Parameters<typeof plan>[0];

const webhook: Planned = {
  id: "t1",
  settings: { kind: "webhook", origin: "https://hook.example" },
  filter: { kinds: [...defaultKinds], farmIds: [], tags: [] },
  groupS: 10,
  repeatS: null,
  cursor: 0,
  progress: noProgress,
};

let ids = 0;
function event(kind: LoggedEvent["kind"], at: number, farm: Farm | null = shop, index = 0): LoggedEvent {
  ids += 1;
  const backend = farm?.backends[index];
  const text = `${backend?.name ?? "agent"} ${kind}`;
  const backendId = backend?.id ?? null;
  const bootId = farm === null ? null : "boot";
  return {
    id: ids,
    bootId,
    at,
    kind,
    farmId: farm?.id ?? null,
    farmName: farm?.name ?? null,
    backendId,
    text,
    by: null,
  };
}

/** A target as it lives: plans until nothing is due, every message taken. */
function living(start: Planned, farms: readonly Farm[] = [shop, other]) {
  let target = start;
  const known = new Map(farms.map((farm) => [farm.id, farm]));
  const log: LoggedEvent[] = [];
  const silent: number[] = [];
  return {
    silent,
    known,
    target: () => target,
    happens: (...events: readonly LoggedEvent[]) => log.push(...events),
    at(now: number): Notice[] {
      const told: Notice[] = [];
      for (let step = 0; step < 5; step++) {
        const events = log.filter(({ id }) => id > target.cursor);
        const next: Plan = plan(target, events, now, (id) => known.get(id) ?? null);
        if (next.type === "nothing") break;
        if (next.type === "begin") target = { ...target, progress: { ...target.progress, batchTo: next.batchTo } };
        if (next.type !== "tell") continue;
        told.push(...next.notices);
        silent.push(...next.silentIds);
        target = { ...target, ...next.after };
      }
      return told;
    },
  };
}

const texts = (notices: readonly Notice[]) =>
  notices.map(({ status, lines }) => [status, ...lines.map(({ text }) => text)]);

describe("what one target is told", () => {
  it("what happens to one farm within the window is one message, of two farms two", () => {
    const life = living(webhook);
    life.happens(event("down", 1000), event("down", 3000, shop, 1), event("down", 4000, other));
    expect(life.at(10_000)).toEqual([]);
    const told = life.at(11_000);
    expect(texts(told)).toEqual([
      ["problem", `${shop.backends[0]?.name} down`, `${shop.backends[1]?.name} down`],
      ["problem", `${other.backends[0]?.name} down`],
    ]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(2);
    expect(life.at(60_000)).toEqual([]);
  });

  it("a disaster is one message, not one a farm; to an Alertmanager everything is one", () => {
    const farms = Array.from({ length: 30 }, (_, at) => sampleFarm(at + 1, [{}]));
    const life = living(webhook, farms);
    life.happens(...farms.map((farm) => event("down", 1000, farm)));
    const [told, ...more] = life.at(11_000);
    expect(more).toEqual([]);
    expect([told?.title, told?.farm, told?.lines.length]).toEqual(["30 farms: 30 problems", null, 30]);
    expect(told?.lines[3]?.farm?.name).toBe("farm-4");
    const alerts = living({ ...webhook, settings: { kind: "alertmanager", url: "http://am.example" } }, farms);
    alerts.happens(...farms.slice(0, 2).map((farm) => event("down", 1000, farm)));
    expect(alerts.at(11_000)).toHaveLength(1);
  });

  it("the end of a problem carries the problem's mark", () => {
    const life = living({ ...webhook, groupS: 0 });
    life.happens(event("down", 1000));
    const [problem] = life.at(1000);
    life.happens(event("up", 9000));
    const [resolved] = life.at(9000);
    expect([problem?.status, resolved?.status]).toEqual(["problem", "resolved"]);
    expect(resolved?.lines[0]?.incident).toBe(problem?.lines[0]?.incident);
    expect(resolved?.lines[0]?.sinceMs).toBe(1000);
  });

  it("down and up again within the window are one line", () => {
    const life = living(webhook);
    life.happens(event("down", 1000), event("up", 2000), event("down", 3000), event("up", 4000));
    const told = life.at(12_000);
    expect(texts(told)).toEqual([["resolved", `${shop.backends[0]?.name} up (4 changes since it was told last)`]]);
    expect(told[0]?.eventIds).toHaveLength(4);
  });

  it("a clock that is set back holds up neither news nor reminders", () => {
    const dayMs = 86_400_000;
    const life = living({ ...webhook, repeatS: 300 });
    life.happens(event("down", dayMs));
    expect(texts(life.at(1000)), "noted by the clock of before").toEqual([
      ["problem", `${shop.backends[0]?.name} down`],
    ]);
    life.happens(event("up", 2000), event("down", 3000), event("down", dayMs, other));
    expect(life.at(13_000)).toHaveLength(2);
    const told = living({ ...webhook, groupS: 0, repeatS: 300 });
    told.happens(event("down", dayMs));
    told.at(dayMs);
    expect(told.at(1000)).toEqual([]);
    expect(texts(told.at(302_000))).toEqual([["problem", `${shop.backends[0]?.name} down`]]);
  });

  it("what keeps going down and up is told so once, and again when it was quiet", () => {
    const life = living({ ...webhook, groupS: 0 });
    const told: Notice[] = [];
    for (let round = 0; round < 20; round++) {
      life.happens(event(round % 2 === 0 ? "down" : "up", round * 20_000));
      told.push(...life.at(round * 20_000));
    }
    expect(told).toHaveLength(5);
    expect(told.at(-1)?.lines[0]?.text).toMatch(/keeps going down and up/);
    expect(life.at(19 * 20_000 + 4 * minuteMs)).toEqual([]);
    expect(texts(life.at(19 * 20_000 + 5 * minuteMs))).toEqual([
      ["resolved", expect.stringContaining(`${shop.backends[0]?.name} up`)],
    ]);
  });

  it("flapping that ends with its last told change is told as over, too", () => {
    const life = living({ ...webhook, groupS: 0 });
    for (let round = 0; round < 5; round++) life.happens(event(round % 2 === 0 ? "up" : "down", round * 1000));
    life.happens(event("down", 6000), event("up", 7000));
    expect(life.at(7000).at(-1)?.lines[0]?.text).toMatch(/keeps going/);
    expect(life.at(7000 + 5 * minuteMs)[0]?.status).toBe("resolved");
    expect(life.at(7000 + 40 * minuteMs)).toEqual([]);
    expect(life.target().progress.subjects).toEqual([]);
  });

  it("maintenance is silent, by decision and by window; a problem that outlasts it is told then", () => {
    const [first] = shop.backends;
    const during = {
      backend: first?.name ?? "",
      startsAt: "1970-01-01T00:00:00Z",
      endsAt: "1970-01-01T00:10:00Z",
      note: "",
    };
    const life = living({ ...webhook, groupS: 0 });
    life.known.set(shop.id, { ...shop, maintenanceWindows: [during] });
    life.happens(event("down", 1000), event("up", 30_000));
    expect(life.at(30_000)).toEqual([]);
    expect(life.silent).toHaveLength(2);
    life.happens(event("down", 60_000));
    expect(life.at(9 * minuteMs)).toEqual([]);
    expect(life.at(9.9 * minuteMs)).toEqual([]);
    expect(life.at(10.5 * minuteMs), "checks need a while to see it back").toEqual([]);
    expect(texts(life.at(11 * minuteMs))).toEqual([["problem", `${first?.name} down`]]);
    const out = { ...shop, backends: shop.backends.map((each) => ({ ...each, adminState: "maintenance" as const })) };
    life.known.set(shop.id, out);
    expect(life.at(12 * minuteMs)[0]?.lines[0]).toMatchObject({ status: "resolved", text: "It is in maintenance now" });
  });

  it("a problem that lasts is told again as often as asked, and a removed farm's is over", () => {
    const life = living({ ...webhook, groupS: 0, repeatS: 600 });
    life.happens(event("down", 0));
    expect(life.at(0)).toHaveLength(1);
    expect(life.at(599_000)).toEqual([]);
    const [again] = life.at(600_000);
    expect(again?.lines[0]).toMatchObject({ isReminder: true, status: "problem" });
    expect(life.at(1_000_000)).toEqual([]);
    const [third] = life.at(1_200_000);
    expect(third?.key).not.toBe(again?.key);
    life.known.delete(shop.id);
    expect(texts(life.at(1_300_000))).toEqual([["resolved", "It was removed"]]);
    expect(life.at(9_000_000)).toEqual([]);
  });

  it("reminders are no changes: the end of a long problem is told at once, an Alertmanager hears of it each minute", () => {
    const life = living({ ...webhook, groupS: 0, settings: { kind: "alertmanager", url: "http://am.example" } });
    life.happens(event("down", 0));
    const told = Array.from({ length: 31 }, (_, minute) => life.at(minute * minuteMs)).flat();
    expect(told).toHaveLength(31);
    life.happens(event("up", 31 * minuteMs));
    expect(texts(life.at(31 * minuteMs))).toEqual([["resolved", `${shop.backends[0]?.name} up`]]);
  });

  it("whoever asked for problems alone is not reminded of one that is over, nor told of its end; Alertmanager is", () => {
    const filter = { kinds: ["down" as const], farmIds: [], tags: [] };
    const mail = living({ ...webhook, filter, repeatS: 600 });
    const alerts = living({ ...webhook, filter, settings: { kind: "alertmanager", url: "http://a" } });
    const [down, up, back] = [event("down", 0), event("up", minuteMs), event("back", minuteMs, null)];
    for (const each of [mail, alerts]) each.happens(down);
    expect(texts(mail.at(20_000))).toEqual([["problem", down.text]]);
    expect(texts(alerts.at(20_000))).toEqual([["problem", down.text]]);
    for (const each of [mail, alerts]) each.happens(up, back);
    expect(texts(alerts.at(2 * minuteMs))).toEqual([["resolved", up.text]]);
    expect([mail.at(2 * minuteMs), mail.at(60 * minuteMs)]).toEqual([[], []]);
    expect(alerts.at(60 * minuteMs)).toEqual([]);
  });

  it("only farms that are named or have a tag, and only kinds that were asked for; the cursor passes the rest", () => {
    const tagged = { ...other, tags: ["gold"] };
    const filter = { kinds: ["down" as const], farmIds: [], tags: ["gold"] };
    const life = living({ ...webhook, groupS: 0, filter }, [shop, tagged]);
    life.happens(event("down", 1), event("down", 2, tagged), event("up", 3, tagged), event("lost", 4, null));
    const told = life.at(10);
    expect(told.map(({ farm }) => farm?.name)).toEqual([other.name]);
    expect(life.target().cursor).toBe(ids);
  });

  it("a message sent again after a crash is the same one, whatever happened since", () => {
    const first = [event("down", 1000), event("down", 2000, other)];
    const begun = plan(webhook, first, 12_000, () => shop);
    if (begun.type !== "begin") throw new Error("a batch begins");
    const kept = { ...webhook, progress: { ...noProgress, batchTo: begun.batchTo } };
    const farmOf = (id: string) => (id === shop.id ? shop : other);
    const once = plan(kept, first, 12_000, farmOf);
    const again = plan(kept, [...first, event("up", 30_000)], 90_000, farmOf);
    if (once.type !== "tell" || again.type !== "tell") throw new Error("messages");
    expect(again.notices).toEqual(once.notices);
    const done = { ...kept, progress: { ...kept.progress, done: once.notices.slice(0, 1).map(({ key }) => key) } };
    const rest = plan(done, first, 90_000, farmOf);
    expect(rest.type === "tell" ? rest.notices : []).toEqual(once.notices.slice(1));
  });

  it("the agent's loss and return are one problem with its end", () => {
    const life = living({ ...webhook, groupS: 0 });
    life.happens(event("lost", 5, null));
    expect(texts(life.at(5))).toEqual([["problem", "agent lost"]]);
    life.happens(event("back", 6, null));
    expect(texts(life.at(6))).toEqual([["resolved", "agent back"]]);
    // of its prober an agent may never say the end
    life.happens({ ...event("lost", 7, null), bootId: "boot" });
    expect(life.at(7)[0]?.lines[0]).toMatchObject({ status: "problem", incident: null });
    expect(life.target().progress.subjects.map(({ key, isOpen }) => [key, isOpen])).toEqual([["agent", false]]);
  });
});
