/** What becomes of a remembered client: it stays with its backend as long as the backend is in the address maps. */
import type { EffectiveFarm } from "../farm/effective.ts";
import { pinOf } from "../farm/pins.ts";
import type { Backend, Farm } from "../farm/types.ts";

/** What the balancer remembers of one client of one farm. `expiresInS`: seconds until it is forgotten. */
export type Stickiness =
  | { readonly known: "entry"; readonly backendId: string; readonly expiresInS: number }
  | { readonly known: "none" }
  /** nobody could be asked: without an agent, or of one that does not tell */
  | { readonly known: "unasked" };

export type Fate = {
  /** null: the client is scheduled as a new one */
  readonly backend: Backend | null;
  readonly by: "pinned" | "sticky";
  readonly sentences: readonly string[];
};

/** What a decision about this client says; null = there is none. */
export function pinFate(farm: Farm, effective: EffectiveFarm, client: string): Fate | null {
  const pin = pinOf(farm.pins, client);
  const backend = farm.backends.find(({ name }) => name === pin?.backend);
  if (pin === null || backend === undefined) return null;
  if (isInMap(effective, backend))
    return { backend, by: "pinned", sentences: [`A pin sends ${pin.client} to ${backend.name}`] };
  const why = `A pin sends ${pin.client} to ${backend.name}, which takes nobody now: the client is scheduled`;
  return { backend: null, by: "pinned", sentences: [why] };
}

/** What becomes of the client by what is remembered of it. */
export function entryFate(farm: Farm, effective: EffectiveFarm, stickiness: Stickiness): Fate {
  if (farm.persistence === null) return scheduled();
  const { timeoutS } = farm.persistence;
  if (stickiness.known === "unasked")
    return scheduled(
      `Clients stay with their backend for ${timeoutS} s; whether this one is remembered could not be asked. If it is not:`,
    );
  if (stickiness.known === "none")
    return scheduled(`This client is not remembered (sticky for ${timeoutS} s): it is scheduled`);
  const backend = farm.backends.find(({ id }) => id === stickiness.backendId);
  if (backend === undefined) return scheduled("The backend it is remembered with is gone: it is scheduled");
  if (!isInMap(effective, backend))
    return scheduled(
      `The client is remembered with ${backend.name}, which takes nobody now: it moves to another backend`,
    );
  const left = `for another ${Math.round(stickiness.expiresInS)} s`;
  const sentence = `The client is remembered with ${backend.name}, ${left}: it goes there`;
  return { backend, by: "sticky", sentences: [sentence] };
}

function scheduled(...sentences: readonly string[]): Fate {
  return { backend: null, by: "sticky", sentences };
}

function isInMap(effective: EffectiveFarm, backend: Backend): boolean {
  return effective.backends.some(({ backendId, inMap }) => backendId === backend.id && inMap);
}
