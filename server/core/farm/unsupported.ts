/**
 * Parts of the farm document that this version does not build yet. The types have room for them; a farm that asks for one is
 * refused with a sentence naming it. Building a feature removes its line here.
 */
import type { Issue } from "../result.ts";
import { joinPath } from "./issues.ts";
import type { Backend, Farm } from "./types.ts";

export function unsupportedIssues(farm: Farm): Issue[] {
  return [
    ...notBuilt(farm.onDown !== "keep", "onDown", "Cutting connections of a backend that goes down"),
    ...notBuilt(farm.healthCheck !== null, "healthCheck", "Health check"),
    ...farm.backends.flatMap((backend, at) => backendIssues(backend, joinPath("backends", at))),
  ];
}

function backendIssues(backend: Backend, path: string): Issue[] {
  return [...notBuilt(backend.healthCheck !== null, `${path}.healthCheck`, "Health check")];
}

function notBuilt(isAsked: boolean, path: string, what: string): Issue[] {
  return isAsked ? [{ path, message: `${what} is not built yet` }] : [];
}
