import { describe, expect, it } from "vitest";
import { ok } from "../core/result.ts";
import type { LockoutRow, LockoutsRepository } from "../db/repositories.ts";
import { createLockout } from "./lockout.ts";

function memory(): LockoutsRepository & { rows: Map<string, LockoutRow> } {
  const rows = new Map<string, LockoutRow>();
  return {
    rows,
    get: async (key) => ok(rows.get(key) ?? null),
    put: async (key, row) => {
      rows.set(key, row);
      return ok(null);
    },
    remove: async (key) => {
      rows.delete(key);
      return ok(null);
    },
    prune: async (before) => {
      for (const [key, row] of rows) if (row.lastAt < before) rows.delete(key);
      return ok(null);
    },
  };
}

describe("lockout", () => {
  it("of a thousand tries at once on one account, from many addresses, five are looked at", async () => {
    const lockout = createLockout(memory());
    const tries = Array.from({ length: 1000 }, (_, index) =>
      lockout.begin("root", `10.0.${index >> 8}.${index & 255}`, 0),
    );
    const passed = (await Promise.all(tries)).filter((result) => result.ok).length;
    expect(passed).toBe(5);
  });

  it("one address that tries many accounts is locked too", async () => {
    const lockout = createLockout(memory());
    let passed = 0;
    for (let index = 0; index < 200; index++) if ((await lockout.begin(`user${index}`, "10.0.0.1", 0)).ok) passed++;
    expect(passed).toBe(30);
  });

  it("of an IPv6 network each address counts as the same place; IPv4 addresses in IPv6 form stay apart", async () => {
    const passedOf = async (from: (index: number) => string) => {
      const lockout = createLockout(memory());
      let passed = 0;
      for (let index = 0; index < 60; index++) if ((await lockout.begin(`user${index}`, from(index), 0)).ok) passed++;
      return passed;
    };
    expect(await passedOf((index) => `2001:db8:1:2::${index}`)).toBe(30);
    expect(await passedOf((index) => `2001:db8:1:${index}::1`)).toBe(60);
    expect(await passedOf((index) => `::ffff:10.0.0.${index}`)).toBe(60);
  });

  it("names that look like log lines or differ in case share nothing they should not, and one counter", async () => {
    const lockout = createLockout(memory());
    for (const name of ["Accepted", "accepted", "ACCEPTED", "aCCEPTED", "acceptEd"]) await lockout.begin(name, name, 0);
    expect((await lockout.begin("accepted", "elsewhere", 0)).ok).toBe(false);
    expect((await lockout.begin("somebody", "elsewhere", 0)).ok).toBe(true);
  });

  it("a lock ends, and grows with each further failure up to a quarter of an hour", async () => {
    const store = memory();
    const lockout = createLockout(store);
    let now = 0;
    const locks: number[] = [];
    for (let index = 0; index < 14; index++) {
      expect((await lockout.begin("root", `10.0.0.${index}`, now)).ok).toBe(true);
      const until = store.rows.get("account:root")?.lockedUntil ?? null;
      if (until !== null) {
        locks.push((until - now) / 1000);
        expect((await lockout.begin("root", "10.1.1.1", until - 1)).ok).toBe(false);
        now = until;
      }
    }
    expect(locks).toEqual([30, 60, 120, 240, 480, 900, 900, 900, 900, 900]);
  });

  it("a lock that was set before the clock was set back ends with the clock", async () => {
    const store = memory();
    const lockout = createLockout(store);
    const yearMs = 365 * 24 * 3600_000;
    for (let index = 0; index < 6; index++) await lockout.begin("root", "10.0.0.1", yearMs);
    expect((await lockout.begin("root", "10.0.0.2", yearMs)).ok).toBe(false);
    expect(await lockout.lockedUntil("root", 0)).toBeNull();
    expect((await lockout.begin("root", "10.0.0.2", 0)).ok).toBe(true);
  });

  it("success clears the account and takes its own try back from the address", async () => {
    const store = memory();
    const lockout = createLockout(store);
    for (let index = 0; index < 5; index++) await lockout.begin("root", "10.0.0.1", 0);
    await lockout.succeed("root", "10.0.0.1", 0);
    expect(store.rows.get("account:root")).toBeUndefined();
    expect(store.rows.get("address:10.0.0.1")?.failures).toBe(4);
    expect(await lockout.lockedUntil("root", 0)).toBeNull();
  });
});
