import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryAdapter } from "better-auth/adapters/memory";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fail, ok } from "../core/result.ts";
import type { LockoutsRepository, PeopleRepository, SessionsRepository } from "../db/repositories.ts";
import { createAuth } from "./auth.ts";
import { createLockout } from "./lockout.ts";
import { changeOwnPassword } from "./own-password.ts";
import { changePassword, createPerson } from "./people.ts";
import { actorOf } from "./session.ts";
import { needsSetup, setUp } from "./setup.ts";
import { signIn } from "./sign-in.ts";

type Row = Record<string, unknown>;
const folders: string[] = [];
let tables: Record<string, Row[]>;

function world(origin = "http://127.0.0.1:3000") {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-auth-"));
  folders.push(dataDir);
  const auth = createAuth({ storage: memoryAdapter(tables), secret: "s".repeat(43), origins: [origin] });
  const users = () => tables.user ?? [];
  const people = {
    count: async () => ok({ people: users().length, admins: users().filter(({ role }) => role === "admin").length }),
  } as PeopleRepository;
  const lockouts = {
    get: async () => ok(null),
    put: async () => ok(null),
    remove: async () => ok(null),
    prune: async () => ok(null),
  };
  const sessions = {
    find: async (token: string) => {
      const session = tables.session?.find((row) => row.token === token);
      const user = users().find(({ id }) => id === session?.userId);
      if (session === undefined || user === undefined) return ok(null);
      const { id, name, role } = user;
      const expiresAt = new Date(String(session.expiresAt)).getTime();
      return ok({ userId: String(id), name: String(name), role: String(role), expiresAt });
    },
  } satisfies Pick<SessionsRepository, "find">;
  const lockout = createLockout(lockouts satisfies LockoutsRepository);
  const deps = { auth, people, sessions, dataDir, newToken: () => "t".repeat(43), lockout, nowMs: () => 0 };
  return { ...deps, tokenPath: join(dataDir, "setup-token") };
}

const person = { name: "Ada", username: "ada", password: "correct horse", role: "operator" } as const;
const admin = { token: "t".repeat(43), name: "Root", username: "root", password: "correct horse" };

async function cookieOf(where: ReturnType<typeof world>, username: string, password: string): Promise<Headers | null> {
  const signedIn = await signIn({ username, password }, "10.0.0.1", new Headers(), where);
  return signedIn.ok ? sentBack(signedIn.value) : null;
}

/** What a browser sends after these headers. */
function sentBack(answered: Headers): Headers {
  const cookie = answered
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  return new Headers({ cookie });
}

beforeEach(() => {
  tables = { user: [], session: [], account: [], verification: [] };
});
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe("first administrator", () => {
  it("the token's file is for its owner only, stays the same until used, and is gone then", async () => {
    const where = world();
    expect(await needsSetup(where)).toEqual(ok(true));
    expect(statSync(where.tokenPath).mode & 0o777).toBe(0o600);
    const first = readFileSync(where.tokenPath, "utf8");
    await needsSetup({ ...where, newToken: () => "another" });
    expect(readFileSync(where.tokenPath, "utf8")).toBe(first);
    expect((await setUp(admin, where)).ok).toBe(true);
    expect(() => statSync(where.tokenPath)).toThrow();
    expect(await needsSetup(where)).toEqual(ok(false));
  });

  it("a wrong, empty or absent token makes nobody", async () => {
    const where = world();
    expect((await setUp({ ...admin, token: "" }, where)).ok).toBe(false);
    await needsSetup(where);
    for (const token of ["", "t", "t".repeat(42), "t".repeat(44), null, 7, {}])
      expect((await setUp({ ...admin, token }, where)).ok).toBe(false);
    expect(tables.user).toHaveLength(0);
  });

  it("of two uses of one link at once, one makes an administrator", async () => {
    const where = world();
    await needsSetup(where);
    const both = await Promise.all([setUp(admin, where), setUp({ ...admin, username: "other" }, where)]);
    expect(both.filter((result) => result.ok)).toHaveLength(1);
    expect(tables.user).toHaveLength(1);
  });

  it("a short password and a bad username are told at their fields, and the link still works", async () => {
    const where = world();
    await needsSetup(where);
    const refused = await setUp({ ...admin, username: "a b", password: "short" }, where);
    expect(refused.ok ? [] : refused.error.issues?.map((issue) => issue.path)).toEqual(["username", "password"]);
    expect((await setUp(admin, where)).ok).toBe(true);
  });
});

describe("signing in", () => {
  it("gives a cookie that scripts and other sites cannot use, and a person with name and role", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const signedIn = await signIn({ username: "Ada", password: person.password }, "10.0.0.1", new Headers(), where);
    const cookie = signedIn.ok ? signedIn.value.getSetCookie().join("\n") : "";
    expect(cookie).toMatch(/^sluice\.session_token=.*; HttpOnly; SameSite=Strict$/im);
    expect(cookie).not.toMatch(/Secure/);
    const headers = await cookieOf(where, "ada", person.password);
    const actor = await actorOf(where, headers ?? new Headers(), Date.now());
    expect(actor).toEqual(ok({ id: tables.user?.[0]?.id, name: "Ada", role: "operator" }));
  });

  it("a session that was begun before the clock was set back lives no longer for that", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const headers = (await cookieOf(where, "ada", person.password)) ?? new Headers();
    const hourMs = 3600_000;
    expect(await actorOf(where, headers, Date.now() - hourMs)).toMatchObject({ value: { name: "Ada" } });
    expect(await actorOf(where, headers, Date.now() - 60 * 24 * hourMs)).toEqual(ok(null));
    expect(await actorOf(where, headers, Date.now() + 8 * 24 * hourMs)).toEqual(ok(null));
  });

  it("a cookie that was altered, or not signed by us, is nobody", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const cookie = (await cookieOf(where, "ada", person.password))?.get("cookie") ?? "";
    const [name, value = ""] = cookie.split("=");
    const [token = ""] = value.split(".");
    const forged = [
      "",
      token,
      `${token}.`,
      `${token}.AAAA`,
      `x${value}`,
      value.slice(0, -6),
      `${value}A`,
      "%E0%A4%A",
      ".",
      `.${value}`,
    ];
    for (const each of forged)
      expect(await actorOf(where, new Headers({ cookie: `${name}=${each}` }), Date.now()), each).toEqual(ok(null));
    expect(await actorOf(where, new Headers({ cookie }), Date.now())).not.toEqual(ok(null));
  });

  it("a session ends by itself", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const headers = (await cookieOf(where, "ada", person.password)) ?? new Headers();
    const days = 24 * 3600_000;
    expect(await actorOf(where, headers, Date.now() + 6.9 * days)).not.toEqual(ok(null));
    expect(await actorOf(where, headers, Date.now() + 7.1 * days)).toEqual(ok(null));
  });

  it("behind https the cookie is Secure", async () => {
    const where = world("https://lb.example.net");
    await createPerson(where.auth, person);
    const signedIn = await signIn({ username: "ada", password: person.password }, "10.0.0.1", new Headers(), where);
    expect(signedIn.ok ? signedIn.value.getSetCookie().join("\n") : "").toMatch(
      /; HttpOnly; Secure; SameSite=Strict$/im,
    );
  });

  it("a wrong password and an unknown name are refused in the same words", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const wrong = await signIn({ username: "ada", password: "wrong password" }, "10.0.0.1", new Headers(), where);
    const nobody = await signIn({ username: "nobody", password: "wrong password" }, "10.0.0.1", new Headers(), where);
    const odd = await signIn({ username: "Accepted; drop", password: "wrong" }, "10.0.0.1", new Headers(), where);
    expect(wrong).toEqual({ ok: false, error: expect.objectContaining({ code: "not-allowed" }) });
    expect(nobody).toEqual(wrong);
    expect(odd).toEqual(wrong);
  });

  it("each sign-in has its own session id, and a new password ends all of them", async () => {
    const where = world();
    const id = await createPerson(where.auth, person);
    const one = await cookieOf(where, "ada", person.password);
    const two = await cookieOf(where, "ada", person.password);
    expect(one?.get("cookie")).not.toBe(two?.get("cookie"));
    await changePassword(where.auth, id.ok ? id.value : "", "another secret");
    for (const headers of [one, two])
      expect(await actorOf(where, headers ?? new Headers(), Date.now())).toEqual(ok(null));
    expect(await cookieOf(where, "ada", person.password)).toBeNull();
    expect(await cookieOf(where, "ada", "another secret")).not.toBeNull();
  });

  it("an own new password needs the current one; it ends every session but the one that asks", async () => {
    const where = world();
    const id = await createPerson(where.auth, person);
    const personId = id.ok ? id.value : "";
    const here = (await cookieOf(where, "ada", person.password)) ?? new Headers();
    const elsewhere = (await cookieOf(where, "ada", person.password)) ?? new Headers();
    const to = (current: string) =>
      changeOwnPassword(personId, { current, password: "another secret" }, "10.0.0.1", here, where);
    const message = "This is not your current password";
    expect(await to("wrong password")).toEqual({
      ok: false,
      error: expect.objectContaining({ code: "invalid", issues: [{ path: "current", message }] }),
    });
    expect(await actorOf(where, elsewhere, Date.now())).not.toEqual(ok(null));
    const changed = await to(person.password);
    const after = changed.ok ? sentBack(changed.value) : new Headers();
    expect(await actorOf(where, after, Date.now())).toEqual(ok({ id: personId, name: "Ada", role: "operator" }));
    for (const old of [here, elsewhere]) expect(await actorOf(where, old, Date.now())).toEqual(ok(null));
    expect(await cookieOf(where, "ada", person.password)).toBeNull();
    expect(await cookieOf(where, "ada", "another secret")).not.toBeNull();
  });

  it("guessing the current password is counted like guessing at the door", async () => {
    const where = world();
    const id = await createPerson(where.auth, person);
    const here = (await cookieOf(where, "ada", person.password)) ?? new Headers();
    const tried: string[] = [];
    const begin = async (name: string) => {
      tried.push(name);
      return fail("busy", "Too many wrong passwords");
    };
    const input = { current: person.password, password: "another secret" };
    const deps = { ...where, lockout: { ...where.lockout, begin } };
    const refused = await changeOwnPassword(id.ok ? id.value : "", input, "10.0.0.1", here, deps);
    expect(refused.ok ? null : refused.error.code).toBe("busy");
    expect(tried).toEqual(["ada"]);
    expect(await cookieOf(where, "ada", person.password)).not.toBeNull();
  });

  it("nobody can sign up by themselves, nor make themselves an administrator", async () => {
    const where = world();
    const body = JSON.stringify({
      name: "x",
      email: "x@example.net",
      password: "long enough",
      role: "admin",
      username: "x1",
    });
    const headers = { "content-type": "application/json", origin: "http://127.0.0.1:3000" };
    const request = new Request("http://127.0.0.1:3000/api/auth/sign-up/email", { method: "POST", body, headers });
    expect((await where.auth.handler(request)).ok).toBe(false);
    expect(tables.user).toHaveLength(0);
  });

  it("a role this version does not know may do nothing", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const headers = await cookieOf(where, "ada", person.password);
    for (const row of tables.user ?? []) row.role = "owner";
    expect(await actorOf(where, headers ?? new Headers(), Date.now())).toEqual(ok(null));
  });

  it("a username is taken once, whatever its case", async () => {
    const where = world();
    await createPerson(where.auth, person);
    const again = await createPerson(where.auth, person);
    expect(again.ok ? null : again.error.issues?.[0]?.path).toBe("username");
    expect(tables.user).toHaveLength(1);
  });
});
