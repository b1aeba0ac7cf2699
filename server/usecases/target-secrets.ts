/** A target's secrets, opened for sending and closed for keeping. */
import { seal, unseal } from "../auth/sealed.ts";
import { type Target, type TargetSecrets, targetSecretsSchema } from "../core/notify/target.ts";
import { fail, ok, type Result } from "../core/result.ts";

export function secretsOf(dataDir: string, { id, sealed }: Pick<Target, "id" | "sealed">): Result<TargetSecrets> {
  if (sealed === null) return ok({});
  const text = unseal(dataDir, id, sealed);
  if (!text.ok) return text;
  const parsed = targetSecretsSchema.safeParse(JSON.parse(text.value));
  return parsed.success ? ok(parsed.data) : fail("storage", "The secrets cannot be read; enter them again");
}

/** What is entered replaces what was kept, "" removes it, what is absent stays. */
export function sealedWith(
  dataDir: string,
  id: string,
  kept: TargetSecrets,
  entered: TargetSecrets,
): Result<string | null> {
  const all = Object.entries({ ...kept, ...entered }).filter(([, text]) => text !== undefined && text !== "");
  return all.length === 0 ? ok(null) : seal(dataDir, id, JSON.stringify(Object.fromEntries(all)));
}
