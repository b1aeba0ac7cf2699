/** The first administrator: made with the one-time token, as long as there is none. */
import { fail, type Issue, invalid, ok, type Result } from "../core/result.ts";
import type { PeopleRepository } from "../db/repositories.ts";
import type { Auth } from "./auth.ts";
import { createPerson, newPersonSchema } from "./people.ts";
import { ensureSetupToken, forgetSetupToken, isSetupToken } from "./setup-token.ts";

export type SetupDeps = {
  readonly auth: Auth;
  readonly people: PeopleRepository;
  readonly dataDir: string;
  readonly newToken: () => string;
};

let inHand: Promise<unknown> = Promise.resolve();

/** The id of the administrator. Two at once: the second finds an administrator. */
export function setUp(input: unknown, deps: SetupDeps): Promise<Result<string>> {
  const mine = inHand.then(() => setUpAlone(input, deps));
  inHand = mine.catch(() => undefined);
  return mine;
}

/** True while there is no administrator; then the token's file is there. */
export async function needsSetup(deps: Omit<SetupDeps, "auth">): Promise<Result<boolean>> {
  const counted = await deps.people.count();
  if (!counted.ok) return counted;
  if (counted.value.admins > 0) return ok(false);
  const token = ensureSetupToken(deps.dataDir, deps.newToken);
  return token.ok ? ok(true) : token;
}

async function setUpAlone(input: unknown, deps: SetupDeps): Promise<Result<string>> {
  const counted = await deps.people.count();
  if (!counted.ok) return counted;
  if (counted.value.admins > 0) return fail("not-allowed", "There is an administrator already: sign in instead");
  const { token, ...fields } = isRecord(input) ? input : { token: "" };
  if (typeof token !== "string" || !isSetupToken(deps.dataDir, token))
    return fail(
      "not-allowed",
      "This link is not valid any more; the terminal Sluice was started in shows the current one",
    );
  const person = newPersonSchema.safeParse({ ...fields, role: "admin" });
  if (!person.success) return invalid(person.error.issues.map(toIssue));
  const created = await createPerson(deps.auth, person.data);
  if (created.ok) forgetSetupToken(deps.dataDir);
  return created;
}

function toIssue(issue: { readonly path: readonly PropertyKey[]; readonly message: string }): Issue {
  return { path: issue.path.map(String).join("."), message: issue.message };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
