import { randomBytes } from "node:crypto";
import type { Actor } from "../auth/actor.ts";
import { readMetricsToken, replaceMetricsToken } from "../auth/metrics-token.ts";
import { ok, type Result } from "../core/result.ts";
import { webEnv } from "../platform/web-env.ts";
import { permit } from "./permit.ts";

const tokenBytes = 32;

/** The token that `/metrics` asks for; null = there is none yet, and nobody may ask. Administrators only. */
export function currentMetricsToken(actor: Actor, dataDir = webEnv().dataDir): Result<string | null> {
  const permitted = permit(actor, "metrics-token");
  return permitted.ok ? ok(readMetricsToken(dataDir)) : permitted;
}

/** Makes a token, or another one: what scrapes with the one before is refused from now on. Administrators only. */
export function newMetricsToken(actor: Actor, dataDir = webEnv().dataDir): Result<string> {
  const permitted = permit(actor, "metrics-token");
  if (!permitted.ok) return permitted;
  return replaceMetricsToken(dataDir, () => randomBytes(tokenBytes).toString("base64url"));
}
