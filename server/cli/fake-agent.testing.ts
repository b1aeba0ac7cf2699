/** An agent in memory: the real rules of core for what a change makes of the farms, and live rows that say nothing was measured. */
import type { AgentLink } from "../agent-link/agent-link.ts";
import {
  applyOperations,
  type Desired,
  desiredFrom,
  emptyDesired,
  isConflict,
} from "../core/change/apply-operations.ts";
import type { Stickiness } from "../core/explain/stickiness.ts";
import { effective } from "../core/farm/effective.ts";
import type { NamedList } from "../core/farm/named-list.ts";
import { plannedShares } from "../core/farm/shares.ts";
import type { Farm } from "../core/farm/types.ts";
import { farmWord } from "../core/farm/word.ts";
import type { BackendLive, BalancerLive, FarmLive } from "../core/metrics/live.ts";
import { type Failure, fail, ok, type Result } from "../core/result.ts";
import {
  type AgentStatus,
  agentStatusSchema,
  type ChangeAnswer,
  type ChangeRequest,
  protocolVersion,
} from "../wire/agent.ts";
import type { StreamMessage } from "../wire/stream.ts";

const at = Date.UTC(2026, 0, 2, 3, 4, 5);

export function createFakeAgent(given: readonly Farm[] = []) {
  let desired: Desired = started(given);
  const requests: ChangeRequest[] = [];
  const switches = {
    failure: null as Failure | null,
    answersAfter: 0,
    rules: null as string | null,
    stickiness: null as Stickiness | null,
    beforeApply: () => {},
  };
  let asked = 0;
  let last: ChangeAnswer | null = null;
  const refused = () => (switches.failure === null ? null : { ok: false as const, error: switches.failure });
  const farms = () => [...desired.farms.values()];

  function change(request: ChangeRequest): ChangeAnswer {
    switches.beforeApply();
    requests.push(request);
    const next = { epoch: desired.epoch, n: desired.n + 1, actor: request.actor, at };
    const result = applyOperations(desired, request.operations, next);
    const { uuid } = request;
    if (result.ok) {
      desired = result.value.desired;
      const { epoch, n } = desired;
      return {
        outcome: "applied",
        uuid,
        epoch,
        n,
        digest: "d",
        at,
        sentences: ["changed"],
        statements: 1,
        applyMs: 1.5,
      };
    }
    if (isConflict(result.error))
      return { outcome: "conflict", uuid, conflicts: [...result.error.conflicts], lists: [...result.error.lists] };
    const { code, text, retry, issues } = result.error;
    return { outcome: "refused", uuid, error: { code, text, retry, issues: issues?.map((issue) => ({ ...issue })) } };
  }

  function hello(): StreamMessage {
    const rows = farms().map(({ farm }) => rowOf(farm));
    return { type: "hello", protocol: protocolVersion, status: status(), balancer, farms: rows, events: [] };
  }

  function status(): AgentStatus {
    const place = { epoch: desired.epoch, n: desired.n, digest: "d", farms: desired.farms.size, backends: 0 };
    const host = { hostname: "lb", kernel: "6.1.0", nft: "1.0.6", lab: true };
    const life = {
      protocol: protocolVersion,
      version: "0.1.0",
      bootId: "boot",
      startedAt: 0,
      at,
      processes: [],
      features: [],
    };
    return agentStatusSchema.parse({ ...life, ...place, sync: "in-sync", host, conntrackMax: 1000 });
  }

  const link: AgentLink = {
    status: async () => refused() ?? ok(status()),
    async farms() {
      const { epoch, n } = desired;
      const all = {
        farms: farms().map(({ farm, version }) => ({ farm, version })),
        lists: [...desired.lists.values()],
      };
      return refused() ?? ok({ epoch, n, ...all });
    },
    async apply(request): Promise<Result<ChangeAnswer>> {
      last = change(request);
      asked = 0;
      return refused() ?? (switches.answersAfter > 0 ? ok({ outcome: "unknown", uuid: request.uuid }) : ok(last));
    },
    async change(uuid) {
      asked++;
      return asked >= switches.answersAfter ? ok(last) : ok({ outcome: "unknown", uuid });
    },
    async preview(request) {
      const next = { epoch: desired.epoch, n: desired.n + 1, actor: request.actor, at };
      const result = applyOperations(desired, request.operations, next);
      if (!result.ok) return { ok: false, error: result.error };
      return ok({ sentences: ["would change"], script: "", statements: 1, check: null });
    },
    journal: async () => fail("not-found", "not asked"),
    seed: async () => fail("not-found", "not asked"),
    ruleset: async (farmId) =>
      switches.rules === null ? fail("not-found", "no rules") : ok({ farmId, at, text: switches.rules, isWhole: true }),
    metrics: async () => fail("not-found", "the command line asks for no metrics"),
    stickiness: async () =>
      switches.stickiness === null ? fail("not-found", "an agent that does not tell") : ok(switches.stickiness),
    series: async () => fail("not-found", "not asked"),
    monitor: async () => fail("not-found", "not asked"),
    checkNow: async () => fail("not-found", "not asked"),
    minutes: async () => fail("not-found", "not asked"),
    async stream(onMessage, signal) {
      const failure = refused();
      if (failure !== null) return failure;
      onMessage(hello());
      for (let tick = 1; tick <= 2 && !signal.aborted; tick++) {
        const rows = farms().map(({ farm }) => rowOf(farm));
        onMessage({
          type: "tick",
          at: at + tick * 1000,
          balancer: { ...balancer, at: at + tick * 1000 },
          farms: rows,
          removed: [],
        });
      }
      return ok(null);
    },
  };

  return {
    link,
    switches,
    requests,
    farms: () => farms().map(({ farm }) => farm),
    lists: () => Array.from(desired.lists.values(), ({ list }) => list),
    /** what another one does meanwhile */
    touch: (farm: Farm) => {
      const version = desired.farms.get(farm.id)?.version ?? null;
      const actor = { id: "p1", name: "Ada" };
      change({ uuid: crypto.randomUUID(), actor, operations: [{ type: "put-farm", base: version, farm }] });
    },
    touchList: (list: NamedList) => {
      const version = desired.lists.get(list.id)?.version ?? null;
      const actor = { id: "p1", name: "Ada" };
      change({ uuid: crypto.randomUUID(), actor, operations: [{ type: "put-list", base: version, list }] });
    },
  };
}

function started(given: readonly Farm[]): Desired {
  if (given.length === 0) return emptyDesired();
  const entries = given.map((farm) => ({ farm, version: 1, actor: null, at: null }));
  const from = desiredFrom({ epoch: 1, n: 1 }, entries);
  if (!from.ok) throw new Error(from.error.text);
  return from.value;
}

const balancer: BalancerLive = {
  at,
  newPerS: 12.34,
  active: 7,
  bytesInPerS: 1000,
  bytesOutPerS: 125_000,
  conntrack: { used: 9, max: 1000 },
  activeEveryS: 1,
};

function rowOf(farm: Farm): FarmLive {
  const eff = effective(farm, new Map());
  const { word, serving, total, reason } = farmWord(farm, eff, new Map(), false);
  const shares = plannedShares(farm, eff);
  const backends = farm.backends.map((backend): BackendLive => {
    const plannedPct = shares.get(backend.id) ?? 0;
    return {
      ...unmeasured,
      backendId: backend.id,
      adminState: backend.adminState,
      plannedPct,
      programmedPct: plannedPct,
    };
  });
  return { ...unmeasuredFarm, farmId: farm.id, word, serving, total, reason, backends };
}

const unmeasured = {
  health: "unknown",
  reason: null,
  observed: null,
  newPerS: null,
  active: 3,
  packetsInPerS: null,
  packetsOutPerS: null,
  bytesInPerS: null,
  bytesOutPerS: null,
  connect: null,
  lastProbeAt: null,
} as const;

const unmeasuredFarm = {
  at,
  newPerS: 1.25,
  active: 3,
  bytesInPerS: null,
  bytesOutPerS: 125,
  connect: null,
  vips: [],
  hints: [],
  turnedAway: [],
  logPrefix: null,
} as const;
