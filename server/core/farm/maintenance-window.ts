/** Times in which backends are in maintenance without anybody having to be there: planned, and over by themselves. */
import * as z from "zod/mini";
import type { Issue } from "../result.ts";
import { joinPath } from "./issues.ts";
import { limits } from "./limits.ts";
import type { Farm } from "./types.ts";

const maintenanceWindowsMax = 50;

const moment = z.iso.datetime({ offset: true, error: "A moment is written as 2026-11-23T22:00:00Z" });

export const maintenanceWindowsSchema = z
  .array(
    z.strictObject({
      /** name of a backend of this farm; null = all of them */
      backend: z._default(
        z.nullable(z.string("A window names a backend").check(z.maxLength(limits.nameLengthMax))),
        null,
      ),
      startsAt: moment,
      endsAt: moment,
      note: z._default(z.string("A note is text").check(z.maxLength(200, "At most 200 characters")), ""),
    }),
    "Maintenance windows are a list",
  )
  .check(z.maxLength(maintenanceWindowsMax, `At most ${maintenanceWindowsMax} maintenance windows`));

export type MaintenanceWindow = z.output<typeof maintenanceWindowsSchema>[number];

export function maintenanceWindowIssues({ backends, maintenanceWindows }: Farm): Issue[] {
  const names = new Set(backends.map(({ name }) => name));
  return maintenanceWindows.flatMap(({ backend, startsAt, endsAt }, at): Issue[] => {
    const path = joinPath("maintenanceWindows", at);
    if (backend !== null && !names.has(backend))
      return [{ path: `${path}.backend`, message: `There is no backend ${backend}` }];
    if (Date.parse(endsAt) <= Date.parse(startsAt))
      return [{ path: `${path}.endsAt`, message: "It ends before it begins" }];
    return [];
  });
}
