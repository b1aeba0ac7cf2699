import type { Role } from "@/server/core/change/views.ts";

export const roleTexts: Record<Role, string> = { viewer: "Viewer", operator: "Operator", admin: "Administrator" };

/** What each role may do, as a hint beside the choice. */
export const roleHints: Record<Role, string> = {
  viewer: "Reads everything but people.",
  operator: "Also changes farms.",
  admin: "Also manages people, notifications and tokens.",
};
