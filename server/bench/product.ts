/**
 * The whole product, started as a newcomer starts it (lab, agent, production build) on a free port with a state folder of its own, and signed in.
 * Server actions are called as the browser calls them: POST with the action's id from the build's manifest.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as z from "zod/mini";
import { openConsole } from "../lab/open-console.ts";

export type Product = {
  readonly origin: string;
  readonly agentSocket: string;
  /** `cookie` header of the signed-in administrator */
  readonly cookie: string;
  /** Calls a server action and answers what it returned. */
  action(name: string, ...args: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
};

const build = fileURLToPath(new URL("../../.next/server/", import.meta.url));
const noFarm = "00000000-0000-4000-8000-000000000000";
const password = "a-long-bench-password-1";

export async function openProduct(): Promise<Product> {
  const opened = await openConsole();
  try {
    const ids = actionIds();
    const token = new URL(opened.link ?? "").searchParams.get("token") ?? "";
    const first = { token, name: "Bench", username: "bench", password };
    const response = await post(opened.origin, ids, "", "setupAction", [first]);
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    if (cookie === "") throw new Error(`signing in failed: ${(await response.text()).slice(0, 300)}`);
    return {
      origin: opened.origin,
      agentSocket: opened.agentSocket,
      cookie,
      close: opened.close,
      action: async (name, ...args) => resultOf(await (await post(opened.origin, ids, cookie, name, args)).text()),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Exported name of every server action -> its id in this build. */
function actionIds(): ReadonlyMap<string, string> {
  const text = readFileSync(`${build}server-reference-manifest.json`, "utf8");
  const manifest = z
    .object({ node: z.record(z.string(), z.looseObject({ exportedName: z.string() })) })
    .parse(JSON.parse(text));
  return new Map(Object.entries(manifest.node).map(([id, { exportedName }]) => [exportedName, id]));
}

function post(
  origin: string,
  ids: ReadonlyMap<string, string>,
  cookie: string,
  name: string,
  args: readonly unknown[],
): Promise<Response> {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`the build has no action ${name}`);
  // a page that carries the action itself: posted elsewhere, Next would forward it and pay for two requests
  return fetch(`${origin}/farms/${noFarm}/weights`, {
    method: "POST",
    redirect: "manual",
    headers: {
      "next-action": id,
      accept: "text/x-component",
      "content-type": "text/plain;charset=UTF-8",
      origin,
      cookie,
    },
    body: JSON.stringify(args),
  });
}

/** An action's answer is a stream of rows `id:json`; the row named by row 0's "a" reference is what it returned. */
function resultOf(text: string): unknown {
  const rows = new Map(
    text.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
  const head = z.object({ a: z.string() }).parse(JSON.parse(rows.get("0") ?? "null"));
  return JSON.parse(rows.get(head.a.replace(/^\$@?/, "")) ?? "null");
}
