/** One check as a promise, with the farm document's defaults, below the gate that refuses loopback. */
import { type HealthCheck, healthCheckSchema } from "../core/farm/health-check.ts";
import { check } from "./ask.ts";
import type { Answer } from "./attempt.ts";
import { type Authorities, createAuthorities } from "./checks/tls.ts";

export type Asked = Readonly<Record<string, unknown>> & { readonly type: HealthCheck["type"] };
export type CheckedHow = {
  readonly timeoutMs?: number;
  readonly address?: string;
  readonly authorities?: Authorities;
  readonly checkFolder?: string;
};

export function runCheck(asked: Asked, port: number, how: CheckedHow = {}): Promise<Answer> {
  const place = { address: how.address ?? "127.0.0.1", port, timeoutMs: how.timeoutMs ?? 2000 };
  const deps = { authorities: how.authorities ?? createAuthorities(null), checkFolder: how.checkFolder ?? "/nowhere" };
  return new Promise((resolve) => check(healthCheckSchema.parse(asked), place, deps, resolve));
}
