/** Which socket the agent listens on: the one named, the host's, or that of the one running lab of this user. */
import { existsSync, lstatSync, readdirSync } from "node:fs";
import net from "node:net";
import { fail, ok, type Result } from "../core/result.ts";
import type { CliEnv } from "../platform/cli-env.ts";
import { labAgentSocket } from "../platform/lab-folder.ts";

const writableByOthers = 0o022;

/** "agent-down" with what was looked at. */
export async function findSocket(asked: string | undefined, env: CliEnv): Promise<Result<string>> {
  const named = asked ?? env.socketPath;
  if (named !== undefined) return ok(named);
  if (existsSync(env.hostSocket)) return ok(env.hostSocket);
  const labs = await runningLabs(env);
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
async function runningLabs({ runsFolder, uid }: CliEnv): Promise<string[]> {
  const ids = isOwn(runsFolder, uid) ? readdirSync(runsFolder).sort() : [];
  const paths = ids.map((id) => labAgentSocket(runsFolder, id)).filter((path) => existsSync(path));
  const answering = await Promise.all(paths.map(answers));
  return paths.filter((_, at) => answering[at]);
}

/** Anybody may make a folder of that name in /tmp, and an agent of their own in it that farms would be given to. */
function isOwn(folder: string, uid: number): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === uid && (found.mode & writableByOthers) === 0;
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
