import { describe, expect, test } from "vitest";
import { allocateFarm, emptyAllocation } from "../core/allocation/allocation.ts";
import { effective } from "../core/farm/effective.ts";
import { testFarm } from "../core/farm/farm-fixture.ts";
import { parseFarm } from "../core/farm/validate.ts";
import { compileFarm } from "../core/ruleset/compile.ts";
import type { Ruleset } from "../core/ruleset/model.ts";
import type { Op } from "../core/ruleset/ops.ts";
import { emptyRuleset, flatten, withFragment } from "../core/ruleset/ruleset.ts";
import { built } from "../core/ruleset/ruleset-fixture.ts";
import { createKernel } from "./kernel.ts";
import type { NftAnswer } from "./nft-child.ts";
import type { QuickAnswer } from "./quick-edit.ts";
import type { SpareLoad } from "./spare-load.ts";

const tag = 0x51;
const ok: NftAnswer = { status: "ok", output: "" };
const error = (text: string): NftAnswer => ({ status: "error", text: `Error: Could not process rule: ${text}` });

function rulesetWith(weight: number): Ruleset {
  const farm = parseFarm({
    id: "00000000-0000-4000-8000-000000000001",
    name: "shop",
    addresses: ["10.99.0.1"],
    protocol: "tcp",
    ports: [80],
    backends: [1, 2].map((at) => ({
      id: `00000000-0000-4000-8000-00000000001${at}`,
      name: `web-${at}`,
      address: `10.20.0.${at}`,
      weight: at === 1 ? weight : 100,
    })),
  });
  if (!farm.ok) throw new Error(farm.error.text);
  const eff = effective(farm.value, new Map());
  const allocation = allocateFarm(emptyAllocation(tag), farm.value, eff);
  if (!allocation.ok) throw new Error(allocation.error.text);
  return withFragment(emptyRuleset(tag), compileFarm(farm.value, eff, allocation.value));
}

/** A kernel whose child answers as told; each success raises the generation by one. */
function setUp(
  answers: NftAnswer[],
  options: {
    foreign?: number;
    listed?: Ruleset;
    elements?: (object: string) => ReadonlyMap<string, string> | null;
  } = {},
  take: SpareLoad["take"] = () => null,
  quick: ((ops: readonly Op[]) => QuickAnswer) | null = null,
) {
  let generation = 10;
  const lines: string[] = [];
  const foreign: string[] = [];
  const asked: string[] = [];
  let listings = 0;
  const kernel = createKernel({
    pause: () => Promise.resolve(),
    proof: null,
    child: {
      run: (line) => {
        lines.push(line);
        const answer = answers.shift() ?? ok;
        if (answer.status === "ok") generation += 1 + (options.foreign ?? 0);
        return Promise.resolve(answer);
      },
      pid: () => 1,
      stop: () => undefined,
    },
    run: (_command, args, { input = "" }) => {
      lines.push(`${args.join(" ")} ${input}`);
      generation += 1;
      return Promise.resolve({ status: "ok", code: 0, stdout: "", stderr: "", durationMs: 1 });
    },
    listing: {
      table: () => {
        listings += 1;
        const { listed } = options;
        if (listed === undefined) return Promise.resolve({ status: "absent" });
        const listing = { flat: flatten(listed), hasLayout: true, missing: [], foreign: [], fixedRules: new Map() };
        return Promise.resolve({ status: "listed", listing });
      },
      hasTable: () => Promise.resolve(true),
      elements: (_, object) => {
        asked.push(object);
        return Promise.resolve(options.elements?.(object) ?? null);
      },
      entries: async () => null,
      counters: () => Promise.resolve(null),
      text: () => Promise.resolve(null),
    },
    spare: { take },
    generation: () => generation,
    quickEdit: (ops) => {
      const answer = quick?.(ops) ?? "not-done";
      if (answer === "applied") generation += 1;
      return answer;
    },
    onOwn: () => undefined,
    chunkElements: null,
    onStrange: () => undefined,
    onForeign: (text) => void foreign.push(text),
    log: () => undefined,
  });
  return { kernel, lines, foreign, asked, listings: () => listings, write: () => void generation++ };
}

const before = rulesetWith(100);
const after = rulesetWith(300);

test("a change is proven by the generation, without a listing", async () => {
  const { kernel, lines, foreign, listings } = setUp([ok]);
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: false });
  expect(lines.at(-1)).toContain("inc mod 4");
  expect([foreign, listings(), kernel.wasTouched()]).toEqual([[], 0, false]);
});

test("a change the agent can send by itself is proven without nft, and one it cannot goes through nft", async () => {
  const answers: QuickAnswer[] = ["applied", "not-done"];
  const { kernel, lines, foreign } = setUp([ok], {}, undefined, () => answers.shift() ?? "not-done");
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: false });
  expect([lines.length, foreign, kernel.wasTouched(), kernel.isAt(after)]).toEqual([1, [], false, true]);
  expect(await kernel.change(before)).toMatchObject({ status: "applied", wasRepaired: false });
  expect(lines).toHaveLength(2);
});

test("once somebody wrote nothing is sent past nft until it was looked at; who writes after us stays to be looked at", async () => {
  let asked = 0;
  const { kernel, lines, write, foreign } = setUp([ok], {}, undefined, () => {
    asked += 1;
    return "applied";
  });
  await kernel.change(before);
  write();
  expect(await kernel.change(after)).toMatchObject({ status: "applied" });
  expect([asked, lines.length, foreign.length, kernel.wasTouched()]).toEqual([0, 2, 1, true]);
  kernel.markSeen();
  await kernel.change(before);
  write();
  expect([asked, kernel.wasTouched()]).toEqual([1, true]);
});

test("sent by ourselves and not answered: the listing says whether it was done", async () => {
  const { kernel, lines, listings } = setUp([], { listed: after }, undefined, () => "unknown");
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: true });
  expect([lines.length, listings()]).toEqual([1, 1]);
});

test("nothing to do sends nothing", async () => {
  const { kernel, lines } = setUp([]);
  await kernel.change(before);
  expect(await kernel.change(rulesetWith(100))).toMatchObject({ status: "applied", statements: 0 });
  expect(lines).toHaveLength(1);
});

test("a generation that moved by more than our own transaction is told, and stays to be looked at", async () => {
  const { kernel, foreign } = setUp([ok], { foreign: 1 });
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied" });
  expect(foreign).toHaveLength(1);
  expect(kernel.wasTouched()).toBe(true);
});

test("somebody's write between two changes of ours is seen", async () => {
  const { kernel, write } = setUp([ok]);
  await kernel.change(before);
  write();
  expect(kernel.wasTouched()).toBe(true);
});

test("a child that was lost after the kernel took the change: the listing says so, and it is not sent again", async () => {
  const { kernel, lines } = setUp([{ status: "lost", text: "ended" }], { listed: after });
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: true });
  expect(lines).toHaveLength(2);
});

test("a missing element: the difference to the listing is applied, then the kernel is at the new ruleset", async () => {
  const { kernel, lines } = setUp([error("No such file or directory"), ok], { listed: before });
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: true });
  expect(lines).toHaveLength(3);
  expect(kernel.isAt(after)).toBe(true);
});

test("refused twice, a repair in a process of its own declares the skeleton again", async () => {
  const { kernel, lines } = setUp([error("File exists"), error("File exists")], { listed: before });
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: true });
  expect(lines.at(-1)).toContain("-f -");
  expect(lines.at(-1)).toContain("chain inet sluice dispatch");
});

test("an answer that no listing can explain refuses the change in our own words, and nothing is believed to have changed", async () => {
  const { kernel, listings } = setUp([error("Too many open files in system")], { listed: before });
  await kernel.change(before);
  const outcome = await kernel.change(after);
  expect(outcome).toMatchObject({
    status: "refused",
    code: "kernel-refused",
    text: "The kernel refused the change: a map is full.",
  });
  expect([listings(), kernel.isAt(before)]).toEqual([0, true]);
});

test("a table that is gone is loaded whole", async () => {
  const { kernel, lines } = setUp([error("No such file or directory")]);
  await kernel.change(before);
  expect(await kernel.change(after)).toMatchObject({ status: "applied", wasRepaired: true });
  expect(lines.at(-1)).toContain("delete table inet sluice");
});

test("a table that is made anew has forgotten its clients, and says so where it had any", async () => {
  const { kernel } = setUp([]);
  await kernel.change(before);
  expect(await kernel.heal(before, true)).toMatchObject({ what: "the whole table was gone and is back" });
  const sticky = built([testFarm(1, undefined, { persistence: {} })]).ruleset;
  const healed = await kernel.heal(sticky, true);
  expect(healed.status === "healed" && healed.what).toMatch(/is back; which client had which backend is forgotten$/);
});

test("a difference that was found is put right without listing again, unless somebody wrote since", async () => {
  const still = setUp([], { listed: after });
  await still.kernel.change(before);
  expect(await still.kernel.matches(before)).toBe(false);
  expect(await still.kernel.heal(before)).toMatchObject({ status: "healed" });
  expect(still.listings()).toBe(1);
  const moved = setUp([], { listed: after });
  await moved.kernel.change(before);
  await moved.kernel.matches(before);
  moved.write();
  await moved.kernel.heal(before);
  expect(moved.listings()).toBe(2);
});

test("an emptied kernel gets the load that waits, then what changed since it was made", async () => {
  const taken: string[] = [];
  const { kernel, lines } = setUp([], {}, () => ({
    ruleset: before,
    run: () => {
      taken.push("run");
      return Promise.resolve(ok);
    },
  }));
  await kernel.change(after);
  const from = lines.length;
  expect(await kernel.heal(after, true)).toMatchObject({ status: "healed", found: null });
  expect(taken).toEqual(["run"]);
  expect(lines.slice(from)).toHaveLength(1);
  expect(lines.at(-1)).toContain("inc mod 4");
  expect(kernel.isAt(after)).toBe(true);
});

test("fixed rules that were never listed in quiet are written anew once, not at each look", async () => {
  const desired = rulesetWith(100);
  const { kernel } = setUp([], { listed: desired, foreign: 1 });
  expect(await kernel.heal(desired)).toMatchObject({ status: "healed", what: "fixed rules written anew" });
  expect(await kernel.heal(desired)).toEqual({ status: "in-sync" });
});

describe("a first load of thousands of backends", () => {
  const large = built([1, 2, 3, 4, 5, 6].map(manyBackends)).ruleset;

  test("is put in ahead in pieces past nft; what leads traffic there comes last, in one transaction", async () => {
    const put: Extract<Op, { type: "add-elements" }>[] = [];
    const { kernel, lines } = setUp([], {}, undefined, ([op, ...more]) => {
      if (op?.type !== "add-elements" || more.length > 0) return "not-done";
      put.push(op);
      return "applied";
    });
    expect(await kernel.change(large)).toEqual({ status: "applied", statements: 1, wasRepaired: false });
    expect(Math.max(...put.map(({ elements }) => elements.length))).toBeLessThanOrEqual(4000);
    const wanted = flatten(large).elements;
    for (const object of ["slots", "be4", "bin", "bout", "members4"] as const)
      expect(new Map(put.filter((op) => op.object === object).flatMap(({ elements }) => elements))).toEqual(
        wanted.get(object),
      );
    expect(lines).toHaveLength(2);
    expect(lines[0]).not.toContain("goto f_");
    expect(lines[1]).toContain("192.0.2.1 . tcp . 80 : goto f_1_4");
    expect([kernel.isAt(large), kernel.wasTouched()]).toEqual([true, false]);
  });

  test("has what was put in ahead looked at once things are quiet, object by object; one that is missing is found", async () => {
    const wanted = flatten(large).elements as ReadonlyMap<string, ReadonlyMap<string, string>>;
    const lacking = (object: string) =>
      object === "bout" ? new Map([...(wanted.get(object) ?? [])].slice(1)) : (wanted.get(object) ?? null);
    for (const [elements, isSame] of [
      [(object: string) => wanted.get(object) ?? null, true],
      [lacking, false],
    ] as const) {
      const { kernel, asked } = setUp([], { elements }, undefined, () => "applied");
      await kernel.change(large);
      expect(asked).toEqual([]);
      expect(await kernel.touchedMatch(large)).toBe(isSame);
      expect(asked).toEqual(expect.arrayContaining(isSame ? ["slots", "be4", "bin", "bout", "members4"] : ["bout"]));
    }
  });

  test("has it looked at until the kernel says it, or until the whole table was listed", async () => {
    const { kernel, asked } = setUp([], { listed: large }, undefined, () => "applied");
    await kernel.heal(large, true);
    const [first] = [await kernel.touchedMatch(large), await kernel.touchedMatch(large)];
    expect([first, asked.length]).toEqual([null, 2]);
    expect([await kernel.matches(large), await kernel.touchedMatch(large), asked.length]).toEqual([true, true, 2]);
  });

  test("replaces at once what nobody has looked at", async () => {
    const { kernel, lines } = setUp([], { listed: before }, undefined, () => "applied");
    await kernel.change(large);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain("delete table inet sluice");
  });

  test("of which the kernel takes only a part is finished by what the listing says is missing", async () => {
    let taken = 0;
    const { kernel, lines, listings } = setUp([], { listed: emptyRuleset(tag) }, undefined, () =>
      taken++ < 2 ? "applied" : "not-done",
    );
    await kernel.heal(large, true);
    expect(listings()).toBe(1);
    expect(lines.at(-1)).toContain("192.0.2.1 . tcp . 80 : goto f_1_4");
    expect(kernel.isAt(large)).toBe(true);
  });
});

function manyBackends(number: number) {
  return testFarm(
    number,
    Array.from({ length: 1000 }, (_, at) => ({ address: `10.${20 + number}.${at >> 8}.${at & 255}` })),
  );
}
