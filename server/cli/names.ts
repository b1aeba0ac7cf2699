/** FARM and FARM/BACKEND as people write them, by name or id, found among what the balancer has. */
import type { Backend } from "../core/farm/types.ts";
import { fail, ok, type Result } from "../core/result.ts";
import type { FarmsAnswer } from "../wire/agent.ts";
import { printable } from "./printable.ts";

export type VersionedFarm = FarmsAnswer["farms"][number];

const namedMax = 8;

export function findFarm(farms: readonly VersionedFarm[], name: string): Result<VersionedFarm> {
  const found = farms.find(({ farm }) => farm.name === name) ?? farms.find(({ farm }) => farm.id === name);
  if (found !== undefined) return ok(found);
  return fail("not-found", `There is no farm ${printable(name)}; ${listed(farms.map(({ farm }) => farm.name))}`);
}

export function findBackend(
  farms: readonly VersionedFarm[],
  word: string,
): Result<VersionedFarm & { readonly backend: Backend }> {
  const [farmName = "", backendName, ...rest] = word.split("/");
  if (backendName === undefined || backendName === "" || rest.length > 0)
    return fail("invalid", `Write FARM/BACKEND, as in shop/web-1, not "${printable(word)}"`);
  const found = findFarm(farms, farmName);
  if (!found.ok) return found;
  const { backends, name } = found.value.farm;
  const backend =
    backends.find((each) => each.name === backendName) ?? backends.find((each) => each.id === backendName);
  if (backend !== undefined) return ok({ ...found.value, backend });
  const others = listed(backends.map((each) => each.name));
  return fail("not-found", `Farm ${name} has no backend ${printable(backendName)}; ${others}`);
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "there is none yet";
  const more = names.length - namedMax;
  return `there is ${names.slice(0, namedMax).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
