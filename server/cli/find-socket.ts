/** Which socket the agent listens on: the one named, the host's, or that of the one running lab of this user. */
import { existsSync, readdirSync } from "node:fs";
import net from "node:net";
import { fail, ok, type Result } from "../core/result.ts";
import type { CliEnv } from "../platform/cli-env.ts";
import { labAgentSocket } from "../platform/lab-folder.ts";

/** "agent-down" with what was looked at. */
export async function findSocket(asked: string | undefined, env: CliEnv): Promise<Result<string>> {
  const named = asked ?? env.socketPath;
  if (named !== undefined) return ok(named);
  if (existsSync(env.hostSocket)) return ok(env.hostSocket);
  const labs = await runningLabs(env.runsFolder);
  const [lab, ...others] = labs;
  if (lab !== undefined && others.length === 0) return ok(lab);
  if (lab === undefined)
    return fail(
      "agent-down",
      `No agent is running: there is no ${env.hostSocket}, and no lab of this user. Start one with: npm start`,
    );
  return fail(
    "agent-down",
    `Several labs are running; name one: ${labs.map((path) => `--socket ${path}`).join(" or ")}`,
  );
}

/** Sockets that somebody answers: what a killed lab left behind does not. */
async function runningLabs(runsFolder: string): Promise<string[]> {
  const ids = existsSync(runsFolder) ? readdirSync(runsFolder).sort() : [];
  const paths = ids.map((id) => labAgentSocket(runsFolder, id)).filter((path) => existsSync(path));
  const answering = await Promise.all(paths.map(answers));
  return paths.filter((_, at) => answering[at]);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.connect({ path });
    const end = (isThere: boolean) => {
      probe.destroy();
      resolve(isThere);
    };
    probe.once("connect", () => end(true));
    probe.once("error", () => end(false));
  });
}
