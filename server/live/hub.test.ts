import { describe, expect, it } from "vitest";
import type { LiveFeedMessage } from "../core/metrics/feed.ts";
import { knownEvent } from "../core/metrics/known-events.ts";
import type { BackendLive } from "../core/metrics/live.ts";
import { createHub, type Hub } from "./hub.ts";
import { balancer, farmA, farmB, farmLive, hello, tick } from "./sample.testing.ts";
import { parseScope } from "./scope.ts";

const web = { pid: 1, uid: 2, capabilities: "none" };

function listen(hub: Hub, scopeText: string): LiveFeedMessage[] {
  const scope = parseScope(scopeText);
  if (!scope.ok) throw new Error(scope.error.text);
  const heard: LiveFeedMessage[] = [];
  hub.subscribe({ scope: scope.value, deliver: (text) => heard.push(JSON.parse(text) as LiveFeedMessage) });
  return heard;
}

function snapshot(hub: Hub, scopeText: string): Extract<LiveFeedMessage, { type: "snapshot" }> {
  const scope = parseScope(scopeText);
  const message = JSON.parse(scope.ok ? hub.snapshot(scope.value, 9) : "null") as LiveFeedMessage;
  if (message.type !== "snapshot") throw new Error("no snapshot");
  return message;
}

describe("fan-out", () => {
  it("each browser hears only its scope", () => {
    const hub = createHub(web);
    hub.receive(hello([farmLive(farmA, 1), farmLive(farmB, 1)]), 0);
    const overview = listen(hub, "overview");
    const one = listen(hub, `farm:${farmA}`);
    hub.receive(tick([farmLive(farmA, 2), farmLive(farmB, 2)]), 1);
    const [ticked] = overview;
    expect(ticked?.type === "tick" && [ticked.rows.map((row) => row.farmId), ticked.farms]).toEqual([
      [farmA, farmB],
      [],
    ]);
    const [only] = one;
    expect(only?.type === "tick" && [only.rows, only.farms.map((farm) => farm.farmId)]).toEqual([[], [farmA]]);
  });

  it("a row that did not change is not sent again, whatever its time", () => {
    const hub = createHub(web);
    hub.receive(hello([farmLive(farmA, 1, 0), farmLive(farmB, 1, 0)]), 0);
    const heard = listen(hub, "overview");
    hub.receive(tick([farmLive(farmA, 1, 5), farmLive(farmB, 7, 5)]), 5);
    expect(heard[0]?.type === "tick" && heard[0].rows.map((row) => row.farmId)).toEqual([farmB]);
  });

  it("a monitor hears every backend once, then what changed; nobody else hears of backends", () => {
    const hub = createHub(web);
    const withBackend = (active: number) => {
      const backend = { backendId: "b", adminState: "active", health: "up", reason: null, plannedPct: 100, active };
      const measured = { ...backend, newPerS: 1, connect: null, lastProbeAt: null };
      return { ...farmLive(farmA, 1), backends: [measured as unknown as BackendLive] };
    };
    hub.receive(hello([withBackend(1), farmLive(farmB, 1)]), 0);
    expect(snapshot(hub, "monitor").monitor).toMatchObject([{ backendId: "b", farmId: farmA, active: 1 }]);
    expect(snapshot(hub, "overview").monitor).toBeNull();
    const [watching, other] = [listen(hub, "monitor"), listen(hub, "overview")];
    for (const [at, active] of [1, 1, 2].entries()) hub.receive(tick([withBackend(active)], [], (at + 1) * 1000), at);
    hub.receive(tick([], [farmA], 4000), 4);
    expect(watching.map((each) => each.type === "tick" && each.monitor?.rows.map(({ active }) => active))).toEqual([
      [1],
      [],
      [2],
      [],
    ]);
    expect(watching.map((each) => each.type === "tick" && each.monitor?.gone)).toEqual([[], [], [], ["b"]]);
    expect(other.some((each) => "monitor" in each)).toBe(false);
  });

  it("a removed farm is told and gone from the next snapshot", () => {
    const hub = createHub(web);
    hub.receive(hello([farmLive(farmA, 1), farmLive(farmB, 1)]), 0);
    const heard = listen(hub, `farm:${farmB}`);
    hub.receive(tick([], [farmA, farmB]), 1);
    expect(heard[0]?.type === "tick" && heard[0].removed).toEqual([farmB]);
    expect(snapshot(hub, `overview,farm:${farmA}`)).toMatchObject({ rows: [], farms: [] });
  });

  it("a lost agent is told once, with the last rows kept for greying; its return is a snapshot", () => {
    const hub = createHub(web);
    hub.receive(hello([farmLive(farmA, 1)]), 100);
    const heard = listen(hub, "overview");
    hub.lose("The agent went silent");
    hub.lose("The agent went silent");
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ type: "agent", agent: { state: "lost", lastSeenAt: 100, hostname: "lb", n: 3 } });
    expect(snapshot(hub, "overview").rows).toHaveLength(1);
    hub.receive(hello([]), 200);
    expect(heard[1]).toMatchObject({ type: "snapshot", agent: { state: "answering", lastSeenAt: 200 }, rows: [] });
  });

  it("before the agent ever spoke nothing is known, and that is said", () => {
    const hub = createHub(web);
    expect(snapshot(hub, "overview")).toMatchObject({
      balancer: null,
      rows: [],
      agent: { state: "lost", lastSeenAt: null },
    });
  });

  it("a revision is kept back until the database has it", () => {
    const hub = createHub(web);
    hub.receive(hello([]), 0);
    const heard = listen(hub, "overview");
    const revision = { type: "revision", epoch: 1, n: 4, farmIds: [farmA] } as const;
    hub.receive(revision, 1);
    expect([heard.length, hub.agent().n]).toEqual([0, 4]);
    hub.announce(revision);
    expect(heard).toEqual([revision]);
  });

  it("of many events the last hundred are shown", () => {
    const hub = createHub(web);
    hub.receive(hello([]), 0);
    const event = { at: 0, kind: "health", farmId: null, backendId: null, text: "x", revision: null } as const;
    for (let seq = 0; seq < 500; seq++) hub.receive({ type: "event", event: { ...event, seq } }, 1);
    const { events } = snapshot(hub, "overview");
    expect([events.length, events[0]?.seq, events.at(-1)?.seq]).toEqual([100, 400, 499]);
  });

  it("events of before the agent's restart stay, with its loss and return, in the order they happened", () => {
    const hub = createHub(web);
    hub.receive(hello([]), 0);
    const event = {
      seq: 1,
      at: 10,
      kind: "drift",
      farmId: null,
      backendId: null,
      text: "put right",
      revision: null,
    } as const;
    const applied = {
      ...event,
      seq: 2,
      at: 20,
      kind: "change",
      farmId: farmA,
      text: "Revision 3",
      revision: 3,
    } as const;
    hub.receive({ type: "event", event }, 10);
    hub.receive({ type: "event", event: applied }, 20);
    hub.note({ ...event, seq: 0, at: 30, kind: "lost", text: "The agent went silent" });
    // a new life begins to count anew
    hub.receive(hello([], 1, "next life", [{ ...event, at: 40, text: "read its state" }]), 50);
    hub.note({ ...event, seq: 0, at: 50, kind: "back", text: "The agent answers again" });
    const texts = ["put right", "Revision 3", "The agent went silent", "read its state", "The agent answers again"];
    expect(snapshot(hub, "overview").events.map(({ text }) => text)).toEqual(texts);
  });

  it("events that were written down are learnt once, and told to the browsers that are there", () => {
    const hub = createHub(web);
    const event = {
      seq: 1,
      at: 10,
      kind: "drift",
      farmId: null,
      backendId: null,
      text: "put right",
      revision: null,
    } as const;
    const applied = {
      ...event,
      seq: 9,
      at: 21,
      kind: "change",
      farmId: farmA,
      text: "Revision 3",
      revision: 3,
    } as const;
    const heard = listen(hub, "overview");
    const written = [
      knownEvent(event, { bootId: "before", epoch: null }),
      knownEvent(event, { bootId: "boot", epoch: null }),
      knownEvent(applied, { bootId: "revision-1", epoch: 1 }),
    ];
    hub.receive(hello([], 1, "boot", [event, { ...applied, seq: 2, at: 20 }]), 30);
    hub.learn(written, 31);
    hub.learn(written, 32);
    expect(heard.map(({ type }) => type)).toEqual(["snapshot", "snapshot"]);
    expect(snapshot(hub, "overview").events.map(({ at, text }) => [at, text])).toEqual([
      [10, "put right"],
      [10, "put right"],
      [20, "Revision 3"],
    ]);
  });

  it("who left hears nothing more", () => {
    const hub = createHub(web);
    const heard: string[] = [];
    const scope = parseScope("overview");
    const leave = scope.ok ? hub.subscribe({ scope: scope.value, deliver: (text) => heard.push(text) }) : () => {};
    leave();
    hub.receive({ type: "tick", at: 1, balancer: balancer(1), farms: [], removed: [] }, 1);
    expect([heard.length, hub.subscribers()]).toEqual([0, 0]);
  });
});
