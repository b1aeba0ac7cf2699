/** Making people and changing their passwords; lists and roles are server/db's. Names and passwords are parsed here. */
import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import type { Role } from "../core/change/views.ts";
import { fail, invalid, ok, type Result } from "../core/result.ts";
import { type Auth, passwordLengthMax, passwordLengthMin, usernamePattern } from "./auth.ts";

const nameSchema = z
  .string("A name is needed")
  .check(z.trim(), z.minLength(1, "A name is needed"), z.maxLength(80, "A name has at most 80 characters"));
const usernameSchema = z
  .string("A username is needed")
  .check(
    z.trim(),
    z.toLowerCase(),
    z.regex(usernamePattern, "A username has 2 to 30 letters, digits, dots, hyphens or underscores"),
  );
export const passwordSchema = z
  .string("A password is needed")
  .check(
    z.minLength(passwordLengthMin, `A password has at least ${passwordLengthMin} characters`),
    z.maxLength(passwordLengthMax, `A password has at most ${passwordLengthMax} characters`),
  );
export const roleSchema = z.enum(["viewer", "operator", "admin"], "A role is viewer, operator or admin");

export const newPersonSchema = z.strictObject({
  name: nameSchema,
  username: usernameSchema,
  password: passwordSchema,
  role: roleSchema,
});
export type NewPerson = {
  readonly name: string;
  readonly username: string;
  readonly password: string;
  readonly role: Role;
};

/** The id of the new person; "invalid" when the username is taken. */
export async function createPerson(auth: Auth, person: NewPerson): Promise<Result<string>> {
  const { internalAdapter, password, adapter } = await auth.$context;
  try {
    const where = [{ field: "username", value: person.username }];
    if ((await adapter.findOne({ model: "user", where })) !== null) return taken(person.username);
    const fields = {
      name: person.name,
      // better-auth needs an address; none is ever written to
      email: `${randomUUID()}@sluice.invalid`,
      emailVerified: true,
      username: person.username,
      displayUsername: person.username,
      role: person.role,
    };
    const user = await internalAdapter.createUser(fields, { method: "email-password" });
    const hash = await password.hash(person.password);
    try {
      await internalAdapter.linkAccount({
        userId: user.id,
        accountId: user.id,
        providerId: "credential",
        password: hash,
      });
    } catch (error) {
      await internalAdapter.deleteUser(user.id); // a person without a password could never sign in
      throw error;
    }
    return ok(user.id);
  } catch (error) {
    return fail("storage", "The person could not be saved", { detail: String(error) });
  }
}

/** Every session of the person ends. */
export async function changePassword(auth: Auth, personId: string, password: string): Promise<Result<null>> {
  const context = await auth.$context;
  try {
    if ((await context.internalAdapter.findUserById(personId)) === null)
      return fail("not-found", "There is no such person");
    await context.internalAdapter.updatePassword(personId, await context.password.hash(password));
    await context.internalAdapter.deleteUserSessions(personId);
    return ok(null);
  } catch (error) {
    return fail("storage", "The password could not be saved", { detail: String(error) });
  }
}

function taken(username: string): ReturnType<typeof invalid> {
  return invalid([{ path: "username", message: `The username ${username} is taken` }]);
}
