/** What every test of reconciling ends with. */
import { expect } from "vitest";
import { ok } from "../core/result.ts";
import { readHistory } from "./read-history.ts";
import { reconcile } from "./reconcile.ts";
import { viewer, type World } from "./world.testing.ts";

/** Both hold the same farms at the same place, no change is left open, and a further run finds nothing to do. */
export async function expectAgreementOf(world: World): Promise<void> {
  const position = await world.database.farms.position();
  const { epoch, n, digest } = world.agent.position();
  expect(position.ok && position.value).toEqual({ epoch, n, digest: n === 0 && epoch === 1 ? "" : digest });
  expect(await world.farms()).toEqual(world.agent.farms());
  const lists = await world.database.farms.lists();
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  expect(lists.ok && lists.value.map(({ list }) => list)).toEqual(world.agent.lists().sort(byName));
  expect(await world.database.changes.applying()).toEqual(ok([]));
  expect(await reconcile(world.deps)).toEqual(ok("in-sync"));
}

export async function refusedTextsOf(world: World): Promise<string[]> {
  const history = await readHistory(viewer, {}, world.deps);
  return history.ok ? history.value.changes.map(({ state, text }) => `${state}: ${text}`) : [];
}
