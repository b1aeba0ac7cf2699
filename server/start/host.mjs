/**
 * `npm start -- --host`: this machine's own kernel. Root makes the accounts and folders and starts three processes, each with its
 * own user and exactly its rights; the agent keeps CAP_NET_ADMIN, the others nothing. Stopping leaves the rules in the kernel.
 */
import { chmodSync, chownSync, existsSync, mkdirSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { buildAll } from "./build-all.mjs";
import { inCheckout } from "./checkout.mjs";
import { checkDisk, checkKernel, checkPort } from "./checks.mjs";
import { basePrograms, ensurePrograms, missingPrograms } from "./debian.mjs";
import { lockPid, takeLock } from "./lock.mjs";
import { rights, Service, serviceEnv } from "./processes.mjs";
import { stageBundles, stageFping, stageNode } from "./stage.mjs";
import { capture, Problem, run, say, sentenceOf, show, step } from "./steps.mjs";
import { Stopper } from "./stopper.mjs";
import { healthOf, passedOn, prepareDatabase, setupLink, stageWeb, startWeb } from "./web.mjs";

const state = "/var/lib/sluice";
const runFolder = "/run/sluice";
/** in a folder of root alone: a lock in the agent's folder could be made a link to any file */
const lockFile = `${state}/lock`;
const tables = ["inet sluice", "netdev sluice", "inet sluice_anchor"];
const stateMb = 300;
/** a dashboard that does not come up */
const againMs = 30_000;

export async function runHost(asked) {
  if (process.getuid() !== 0) return becomeRoot(asked);
  await ensurePrograms([...basePrograms, "useradd"]);
  folder(state, 0o755, { uid: 0, gid: 0 });
  const lock = takeLock(lockFile);
  if (lock === null)
    throw new Problem(`Sluice already manages this machine (process ${lockPid(lockFile)}); end it first.`);
  return asked.remove ? removeTables(asked.yes) : manage(asked);
}

/** Builds as the user who owns the checkout, then asks sudo for the rest. */
async function becomeRoot(asked) {
  if (missingPrograms(["sudo"]).length > 0)
    throw new Problem("Managing this machine's kernel needs root: start again as root, or install sudo.");
  const argv = behindSudo(process.argv.slice(2), process.env);
  if (asked.remove) return show(argv, { stdin: "inherit" });
  await buildAll();
  // nobody but root may send a signal to what sudo runs: it ends with its input, and so with us
  return show([...argv, "--ends-with-input"], { until: new Stopper().asked });
}

/** The same start as root; sudo drops what it is not told to keep of the environment. */
export function behindSudo(words, env) {
  const given = ["PORT", ...passedOn].filter((name) => env[name]);
  const kept = given.length === 0 ? [] : [`--preserve-env=${given.join(",")}`];
  return ["sudo", ...kept, process.execPath, inCheckout("server/start/start.mjs"), ...words];
}

async function manage(asked) {
  await checkPort(asked.listen, asked.port);
  await checkKernel(true);
  checkDisk(state, stateMb, "Sluice's state");
  const buildHash = await buildAll();
  const users = await step("accounts and folders", prepareMachine);
  const stopper = new Stopper();
  if (asked["ends-with-input"]) stopper.askAtEndOf(process.stdin);
  const services = [];
  try {
    const web = webOf(asked, users);
    await step("starting agent and prober", () => services.push(startAgent(web, users), startProber(web, users)));
    const health = await openDashboard(web, buildHash, stopper);
    if (health !== null) report(web, health);
    await stopper.asked;
  } finally {
    await stopper.stop();
    // the agent first, or it would still tell that the prober is gone
    for (const service of services) await service.stop();
    say(
      "\nSluice has ended. Its rules stay in the kernel and traffic goes on; take them away with: npm start -- --host --remove",
    );
  }
}

/** Farms are balanced without it: what is wrong with it, or with its database, is said and tried again. null = it was stopped. */
async function openDashboard(web, buildHash, stopper) {
  while (!stopper.isStopping) {
    try {
      await step("bringing the database up to date", async () => {
        stageWeb(web.app, buildHash);
        await prepareDatabase(web);
      });
      if (stopper.isStopping) return null;
      stopper.web = startWeb(web);
      return await step("starting the dashboard", () => healthOf(web, () => stopper.isStopping));
    } catch (error) {
      await stopper.web?.stop();
      say(`${sentenceOf(error)}\nFarms are balanced without the dashboard; it is tried again in ${againMs / 1000} s.`);
      await stopper.pause(againMs);
    }
  }
  return null;
}

async function prepareMachine() {
  const users = {
    agent: await account("sluice-agent"),
    prober: await account("sluice-check"),
    web: await account("sluice-web"),
  };
  folder(`${state}/agent`, 0o700, users.agent);
  folder(`${state}/web`, 0o700, users.web);
  folder(`${state}/logs`, 0o755, { uid: 0, gid: 0 });
  // the agent makes its sockets here
  folder(runFolder, 0o755, users.agent);
  stageBundles(`${state}/app`);
  return users;
}

async function account(name) {
  if ((await capture(["id", "-u", name])).code !== 0)
    await run(["useradd", "-r", "-U", "-M", "-d", "/nonexistent", "-s", "/usr/sbin/nologin", name]);
  const uid = Number((await run(["id", "-u", name])).stdout);
  const gid = Number((await run(["id", "-g", name])).stdout);
  return { uid, gid };
}

function folder(path, mode, owner) {
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  chownSync(path, owner.uid, owner.gid);
}

function webOf(asked, users) {
  return {
    app: `${state}/app`,
    data: `${state}/web`,
    node: stageNode(`${state}/app`),
    user: users.web,
    socket: `${runFolder}/agent.sock`,
    port: asked.port,
    listen: asked.listen,
    origin: asked.originFor(asked.port),
    isLab: false,
    logFile: `${state}/logs/web.log`,
    onCrash: say,
  };
}

/** Room for what is new, in MB: with 100,000 backends V8's own choice takes the agent 50 to 100 MB more, and saves it no time. */
const agentFlags = ["--max-semi-space-size=4"];

function startAgent(web, users) {
  const env = serviceEnv({
    SLUICE_SOCKET: web.socket,
    SLUICE_PROBER_SOCKET: `${runFolder}/prober.sock`,
    SLUICE_DATA: `${state}/agent`,
    SLUICE_ALLOWED_UIDS: String(users.web.uid),
  });
  const argv = [...rights(users.agent, ["net_admin"]), web.node, ...agentFlags, `${web.app}/dist/agent.mjs`];
  return new Service({ name: "agent", argv, env, logFile: `${state}/logs/agent.log`, onCrash: say }).start();
}

function startProber(web, users) {
  const env = serviceEnv({
    SLUICE_PROBER_SOCKET: `${runFolder}/prober.sock`,
    SLUICE_FPING: stageFping(web.app),
    SLUICE_CHECK_DIR: "/etc/sluice/checks",
    SLUICE_AUTHORITIES: "/etc/ssl/certs/ca-certificates.crt",
  });
  const argv = [...rights(users.prober, [], [users.agent.gid]), web.node, `${web.app}/dist/prober.mjs`];
  return new Service({ name: "prober", argv, env, logFile: `${state}/logs/prober.log`, onCrash: say }).start();
}

function report(web, health) {
  const link = setupLink(web, health);
  say(`\nSluice manages this machine: ${web.origin}`);
  if (link !== null) say(`Sign in for the first time (the link works once): ${link}`);
  say("Ctrl+C ends agent and dashboard; the rules and the traffic stay.");
}

async function removeTables(isSure) {
  const found = [];
  for (const table of tables)
    if ((await capture(["nft", "list", "table", ...table.split(" ")])).code === 0) found.push(table);
  if (found.length === 0) return say("There is no table of Sluice in this machine's kernel.");
  if (!isSure && !(await confirm(found))) {
    say("Nothing was removed.");
    return 1;
  }
  await run(["nft", "-f", "-"], { input: found.map((table) => `delete table ${table}\n`).join("") });
  if (existsSync(`${state}/agent`))
    say(`The farms are still in ${state}; the next start with --host brings the rules back.`);
  say(`Removed: ${found.join(", ")}.`);
}

async function confirm(found) {
  if (!process.stdin.isTTY)
    throw new Problem("Removing the rules ends all balancing on this machine; add --yes to do it without asking.");
  const reader = createInterface({ input: process.stdin, output: process.stdout });
  const question = `Remove ${found.join(", ")} from this machine's kernel? All its farms stop at once. Type yes: `;
  try {
    return (await reader.question(question)).trim() === "yes";
  } catch (error) {
    if (error.name !== "AbortError") throw error;
    // Ctrl+C or Ctrl+D is an answer too; it left the cursor behind the question
    say("");
    return false;
  } finally {
    reader.close();
  }
}
