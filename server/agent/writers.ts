/**
 * Who changed the rules. The kernel tells of every transaction with the process that made it, ours included; which ones are ours is known by
 * their generation (a transaction of ours that raised it by exactly one), and, when others wrote at the same moment, by the pid that the
 * kernel gave our applying child in an earlier one. That pid is the initial pid namespace's: it need not be the one we know.
 */
import type { RuleWrite } from "./netlink-messages.ts";
import { nextGeneration } from "./quick-edit.ts";

export type Writers = {
  /** takes what the kernel told since the last call; true when there was something */
  take(): boolean;
  /**
   * somebody else wrote since the last call: the generation moved further than by what own() told. Asked while nothing of ours is under way.
   * Whatever becomes of the rules meanwhile (loaded, healed, listed), a write is counted, so none is missed.
   */
  others(): boolean;
  /** a transaction of ours ran between these two generations. `isChild`: by the long-lived applying child */
  own(before: number, after: number, isChild: boolean): void;
  /** others that wrote since the last settle(), in words: `nft (pid 4242)`; null when nobody is known */
  words(): string | null;
  /** what was written until now was looked at */
  settle(): void;
};

const keptMax = 256;
const namedMax = 3;

export function createWriters(
  read: () => readonly RuleWrite[] | null,
  isHostPid: boolean,
  generation: () => number | null = () => null,
): Writers {
  let told: RuleWrite[] = [];
  let ours = new Set<number>();
  let childPid: number | null = null;
  /** what the generation is when nobody else writes; null = not known yet */
  let expected = generation();

  function take(): boolean {
    const fresh = read() ?? [];
    if (fresh.length > 0) told = [...told, ...fresh].slice(-keptMax);
    return fresh.length > 0;
  }

  return {
    take,
    others() {
      const now = generation();
      const isOther = now !== null && expected !== null && now !== expected;
      expected = now ?? expected;
      return isOther;
    },
    own(before, after, isChild) {
      take();
      const raised = (after - before) >>> 0;
      if (raised > 0 && expected !== null) expected = nextGeneration(expected);
      if (raised === 1) {
        ours = new Set([...ours, after].slice(-keptMax));
        const mine = told.find(({ generation }) => generation === after);
        if (isChild && mine !== undefined) childPid = mine.pid;
        return;
      }
      for (const { generation, pid } of told)
        if (isChild && childPid !== null && pid === childPid && (generation - before) >>> 0 <= raised)
          ours.add(generation);
    },
    words() {
      take();
      const named = new Set(
        told.filter(({ generation }) => !ours.has(generation)).map((write) => wordsOf(write, isHostPid)),
      );
      if (named.size === 0) return null;
      const shown = [...named].slice(-namedMax).join(", ");
      return named.size > namedMax ? `${shown} and ${named.size - namedMax} more` : shown;
    },
    settle() {
      take();
      told = [];
    },
  };
}

function wordsOf({ pid, name }: RuleWrite, isHostPid: boolean): string {
  const who = name ?? "a process";
  if (pid === null) return who;
  return isHostPid ? `${who} (pid ${pid})` : `${who} (pid ${pid} as the host counts)`;
}
