/** Server actions and pages called as an attacker would: by direct requests, past every page and button. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type APIRequestContext, request as requests } from "@playwright/test";
import { system } from "./system.ts";

const build = fileURLToPath(new URL("../.next/server/", import.meta.url));

type Manifest = { readonly node: Readonly<Record<string, { readonly exportedName?: string }>> };

/** name -> id of every action the build has */
export function actionIds(): ReadonlyMap<string, string> {
  const manifest = JSON.parse(readFileSync(`${build}server-reference-manifest.json`, "utf8")) as Manifest;
  return new Map(Object.entries(manifest.node).map(([id, { exportedName }]) => [exportedName ?? id, id]));
}

/** Every path of the build, groups taken out and parameters filled. */
export function builtPaths(): string[] {
  const manifest = JSON.parse(readFileSync(`${build}app-paths-manifest.json`, "utf8")) as Readonly<
    Record<string, string>
  >;
  return Object.keys(manifest).map((key) =>
    key
      .replace(/\/(page|route)$/, "")
      .replace(/\/\([a-z]+\)/g, "")
      .replace("[...all]", "get-session")
      .replace(/\[[a-zA-Z]+\]/g, "00000000-0000-4000-8000-000000000001")
      .replace(/^$/, "/"),
  );
}

export type Answer = { readonly status: number; readonly value: unknown; readonly text: string };

export async function callAction(
  caller: APIRequestContext,
  name: string,
  input: unknown,
  headers: Readonly<Record<string, string>> = { origin: system().origin },
): Promise<Answer> {
  const id = actionIds().get(name);
  if (id === undefined) throw new Error(`the build has no action ${name}`);
  const response = await caller.post(`${system().origin}/sign-in`, {
    headers: { "next-action": id, "content-type": "text/plain;charset=UTF-8", accept: "text/x-component", ...headers },
    data: JSON.stringify([input]),
    maxRedirects: 0,
  });
  const text = await response.text();
  const line = text.split("\n").find((each) => each.startsWith("1:{"));
  return { status: response.status(), value: line === undefined ? null : (JSON.parse(line.slice(2)) as unknown), text };
}

/** A browser without a cookie. */
export function stranger(headers: Readonly<Record<string, string>> = {}): Promise<APIRequestContext> {
  return requests.newContext({ storageState: { cookies: [], origins: [] }, extraHTTPHeaders: { ...headers } });
}

export async function signedIn(username: string, password: string): Promise<APIRequestContext> {
  const caller = await stranger();
  const { value } = await callAction(caller, "signInAction", { username, password });
  if (JSON.stringify(value) !== '{"status":"ok"}') throw new Error(`cannot sign in: ${JSON.stringify(value)}`);
  return caller;
}
