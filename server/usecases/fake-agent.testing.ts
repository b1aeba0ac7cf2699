/**
 * An agent in memory for the tests of this folder: the real rules of core for what a change makes of the farms, a journal, and
 * switches for everything that goes wrong between web and agent.
 */
import { createHash } from "node:crypto";
import type { AgentLink } from "../agent-link/agent-link.ts";
import {
  applyOperations,
  type Desired,
  desiredFrom,
  emptyDesired,
  isConflict,
} from "../core/change/apply-operations.ts";
import { createDigester } from "../core/change/digest.ts";
import type { Operation } from "../core/change/operation.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import type { Farm } from "../core/farm/types.ts";
import type { MinuteRow } from "../core/metrics/minutes.ts";
import { fail, ok } from "../core/result.ts";
import {
  type Actor,
  type AgentStatus,
  type ChangeAnswer,
  type ChangeRequest,
  type JournalEntry,
  type MinutesAnswer,
  protocolVersion,
} from "../wire/agent.ts";

const digestOf = createDigester((texts) => createHash("sha256").update(texts.join("")).digest("hex"));
const down = () => fail("agent-down", "connect ENOENT", { retry: true });

export type FakeAgent = ReturnType<typeof createFakeAgent>;

export function createFakeAgent() {
  let desired: Desired = emptyDesired();
  let journal: JournalEntry[] = [];
  const answers = new Map<string, ChangeAnswer>();
  const sync: AgentStatus["sync"] = "in-sync";
  const switches = { isDown: false, losesAnswers: false, sync, isIncomplete: false, isLab: true };
  let beforeApply = () => {};
  let afterApply = () => {};
  let seeds = 0;
  let minutes: readonly MinuteRow[] = [];

  const farms = () => [...desired.farms.values()];
  const lists = () => [...desired.lists.values()];
  const digest = () =>
    digestOf(
      farms().map(({ farm }) => farm),
      lists().map(({ list }) => list),
    );

  function applied(uuid: string): ChangeAnswer {
    const { epoch, n } = desired;
    return {
      outcome: "applied",
      uuid,
      epoch,
      n,
      digest: digest(),
      at: n,
      sentences: ["changed"],
      statements: 1,
      applyMs: 1,
    };
  }

  function change(uuid: string, actor: Actor, operations: Operation[], peerUid: number): ChangeAnswer {
    const known = answers.get(uuid);
    if (known !== undefined) return known;
    const next = { epoch: desired.epoch, n: desired.n + 1, actor, at: desired.n + 1 };
    const result = applyOperations(desired, operations, next);
    let answer: ChangeAnswer;
    if (result.ok) {
      desired = result.value.desired;
      answer = applied(uuid);
      journal.push({ ...next, uuid, peerUid, digest: digest(), operations, sentences: ["changed"] });
    } else if (isConflict(result.error))
      answer = {
        outcome: "conflict",
        uuid,
        conflicts: result.error.conflicts.map((each) => ({ ...each })),
        lists: result.error.lists.map((each) => ({ ...each })),
      };
    else {
      const { code, text, retry, issues } = result.error;
      answer = {
        outcome: "refused",
        uuid,
        error: { code, text, retry, issues: issues?.map((issue) => ({ ...issue })) },
      };
    }
    answers.set(uuid, answer);
    return answer;
  }

  const link: AgentLink = {
    async status() {
      if (switches.isDown) return down();
      const host = { hostname: "lb", kernel: "6.1", nft: "1.0.6", lab: switches.isLab };
      const life = {
        protocol: protocolVersion,
        version: "0.1.0",
        bootId: "boot",
        startedAt: 0,
        at: 0,
        processes: [],
        features: [],
      };
      const place = { epoch: desired.epoch, n: desired.n, digest: digest(), farms: desired.farms.size, backends: 0 };
      const { sync, isIncomplete } = switches;
      return ok({ ...life, ...place, sync, isIncomplete, host, conntrackMax: null, findings: [], drift: null });
    },
    async farms() {
      if (switches.isDown) return down();
      const { epoch, n } = desired;
      return ok({
        epoch,
        n,
        farms: farms().map(({ farm, version }) => ({ farm, version })),
        lists: lists().map(({ list, version }) => ({ list, version })),
      });
    },
    async apply({ uuid, actor, operations }: ChangeRequest) {
      beforeApply();
      if (switches.isDown) return down();
      const answer = change(uuid, actor, operations, 1000);
      afterApply();
      return switches.losesAnswers ? fail("outcome-unknown", "No answer in time", { retry: true }) : ok(answer);
    },
    async change(uuid) {
      return switches.isDown ? down() : ok(answers.get(uuid) ?? null);
    },
    async preview() {
      return switches.isDown ? down() : ok({ sentences: ["would change"], script: "", statements: 0, check: null });
    },
    async journal(epoch, after) {
      if (switches.isDown) return down();
      const entries = epoch === desired.epoch ? journal.filter((entry) => entry.n > after).slice(0, 500) : [];
      return ok({ epoch: desired.epoch, n: desired.n, entries });
    },
    async seed({ uuid, epoch, after = 0, farms: seeded, lists: seededLists = [] }) {
      if (switches.isDown) return down();
      seeds++;
      journal = [];
      start(epoch, Math.max(after, desired.n) + 1, seeded, seededLists);
      Object.assign(switches, { sync: "in-sync", isIncomplete: false });
      answers.set(uuid, applied(uuid));
      return ok(applied(uuid));
    },
    ruleset: async (farmId) =>
      switches.isDown ? down() : ok({ farmId, at: 0, text: "table inet sluice", isWhole: true }),
    stickiness: async () => ok({ known: "none" }),
    metrics: async () => (switches.isDown ? down() : ok(metricsPieces())),
    series: async () => down(),
    monitor: async () => down(),
    checkNow: async () => down(),
    minutes: async (afterMs, limit) => (switches.isDown ? down() : ok(minutesAfter(afterMs, limit))),
    stream: async () => down(),
  };

  function start(epoch: number, n: number, given: readonly Farm[], givenLists: readonly NamedList[]): void {
    const from = desiredFrom(
      { epoch, n },
      given.map((farm) => ({ farm, version: n, actor: null, at: null })),
      givenLists.map((list) => ({ list, version: n, actor: null, at: null })),
    );
    if (!from.ok) throw new Error(from.error.text);
    desired = from.value;
  }

  function minutesAfter(afterMs: number, limit: number): MinutesAnswer {
    const wanted = minutes.filter(({ atMs }) => atMs > afterMs);
    const ends = { oldestMs: minutes[0]?.atMs ?? null, newestMs: minutes.at(-1)?.atMs ?? null };
    return { ...ends, more: wanted.length > limit, minutes: wanted.slice(0, limit) };
  }

  return {
    link,
    switches,
    /** what it remembers of ended minutes, oldest first */
    remember(rows: readonly MinuteRow[]) {
      minutes = rows;
    },
    farms: () => farms().map(({ farm }) => farm),
    lists: () => lists().map(({ list }) => list),
    position: () => ({ epoch: desired.epoch, n: desired.n, digest: digest() }),
    seeds: () => seeds,
    onApply(before: () => void, after: () => void) {
      beforeApply = before;
      afterApply = after;
    },
    /** A change made past web, by the command line. */
    commandLine: (uuid: string, operations: Operation[]) => change(uuid, { id: "", name: "" }, operations, 0),
    /** State lost, as after the loss of its disk. */
    wipe() {
      desired = emptyDesired();
      journal = [];
      answers.clear();
    },
    /** State of an earlier moment, as from a backup. */
    save() {
      const saved = { desired, journal: [...journal], answers: new Map(answers) };
      return () => {
        ({ desired, journal } = saved);
        answers.clear();
        for (const [uuid, answer] of saved.answers) answers.set(uuid, answer);
      };
    },
  };
}

async function* metricsPieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("sluice_farms 1\n");
}
