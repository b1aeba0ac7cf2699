/** A command line's outside for tests: what it wrote, files in memory, an agent in memory (the real rules of core) or a real socket. */

import type { AgentLink } from "../agent-link/agent-link.ts";
import { createAgentLink } from "../agent-link/create-agent-link.ts";
import { fail, ok } from "../core/result.ts";
import { run } from "./run.ts";
import type { Screen, World } from "./world.ts";

const plainScreen: Screen = { isTty: false, hasColor: false, columns: null, rows: null };

export type Outside = {
  readonly files?: Readonly<Record<string, string>>;
  readonly link?: AgentLink | null;
  readonly socketPath?: string;
  readonly screen?: Partial<Screen>;
  readonly interrupted?: AbortSignal;
  readonly keys?: World["keys"];
};

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** Runs one command line to its end. */
export async function sluice(words: readonly string[], outside: Outside = {}): Promise<Ran> {
  const { files = {}, link = null, socketPath, screen, interrupted, keys } = outside;
  let out = "";
  let err = "";
  const world: World = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    screen: { ...plainScreen, ...screen },
    readText: async (path, bytesMax) => {
      const text = files[path];
      if (text === undefined) return fail("invalid", `${path} does not exist`);
      return text.length > bytesMax ? fail("too-large", `${path} is too large`) : ok(text);
    },
    openAgent: async (asked) => {
      const path = asked ?? socketPath;
      if (path !== undefined)
        return ok({ link: createAgentLink({ socketPath: path, changeMs: 32_000 }), socketPath: path });
      if (link === null) return fail("agent-down", "No agent is running", { retry: true });
      return ok({ link, socketPath: "/run/sluice/agent.sock" });
    },
    newId: crypto.randomUUID.bind(crypto),
    nowMs: () => 0,
    wait: async () => {},
    user: { uid: 1000, name: "ada" },
    keys: keys ?? (() => () => {}),
    interrupted: interrupted ?? new AbortController().signal,
  };
  const code = await run(words, world);
  return { code, out, err };
}
