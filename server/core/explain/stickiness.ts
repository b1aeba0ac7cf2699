/** What becomes of a remembered client: it stays with its backend as long as the backend is in the address maps. */
import type { EffectiveFarm } from "../farm/effective.ts";
import type { Backend, Farm } from "../farm/types.ts";

/** What the balancer remembers of one client of one farm. `expiresInS`: seconds until it is forgotten, null = never (a pin). */
export type Stickiness =
  | { readonly known: "entry"; readonly backendId: string; readonly expiresInS: number | null }
  | { readonly known: "none" }
  /** nobody could be asked: without an agent, or of one that does not tell */
  | { readonly known: "unasked" };

/** `backend` null: the client is scheduled as a new one. */
export function entryFate(
  farm: Farm,
  effective: EffectiveFarm,
  stickiness: Stickiness,
): { readonly backend: Backend | null; readonly sentences: readonly string[] } {
  if (farm.persistence === null) return { backend: null, sentences: [] };
  const { timeoutS } = farm.persistence;
  if (stickiness.known === "unasked")
    return {
      backend: null,
      sentences: [
        `Clients stay with their backend for ${timeoutS} s; whether this one is remembered could not be asked. If it is not:`,
      ],
    };
  if (stickiness.known === "none")
    return { backend: null, sentences: [`This client is not remembered (sticky for ${timeoutS} s): it is scheduled`] };
  const backend = farm.backends.find(({ id }) => id === stickiness.backendId) ?? null;
  if (backend === null) return { backend, sentences: ["The backend it is remembered with is gone: it is scheduled"] };
  const inMap = effective.backends.find(({ backendId }) => backendId === backend.id)?.inMap ?? false;
  const left = stickiness.expiresInS === null ? "by decision" : `for another ${Math.round(stickiness.expiresInS)} s`;
  if (inMap) return { backend, sentences: [`The client is remembered with ${backend.name}, ${left}: it goes there`] };
  return {
    backend: null,
    sentences: [`The client is remembered with ${backend.name}, which takes nobody now: it moves to another backend`],
  };
}
