/** `npm start`: checks, installs, builds what is missing, then the lab (or, with --host, this machine) and the dashboard. */
import { tmpdir } from "node:os";
import { readArguments, usage } from "./arguments.mjs";
import { buildAll } from "./build-all.mjs";
import { checkDisk, checkKernel, checkPort, freePort } from "./checks.mjs";
import { basePrograms, ensurePrograms, widenPath } from "./debian.mjs";
import { neededPrograms } from "./install.mjs";
import { labState, makeStateFolder, openLab, waitForState, webUser } from "./lab.mjs";
import { main, Problem, say, step } from "./steps.mjs";
import { endWithNpm, Stopper } from "./stopper.mjs";
import { healthOf, prepareDatabase, setupLink, stageWeb, startWeb } from "./web.mjs";

const stateMb = 150;
const temporaryMb = 20;

await main(async () => {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) return say(usage);
  endWithNpm();
  widenPath();
  if (asked.host) return (await import("./host.mjs")).runHost(asked);
  await runLab(asked);
});

async function runLab(asked) {
  const state = labState(asked.state);
  await checkPort(asked.listen, asked.port);
  await ensurePrograms(basePrograms, neededPrograms);
  await checkKernel(process.getuid() === 0);
  checkDisk(state, stateMb, "the lab's state");
  checkDisk(tmpdir(), temporaryMb, "the lab's run folder");
  makeStateFolder(state);
  await waitForState(state);
  const buildHash = await buildAll();
  const stopper = new Stopper();
  try {
    const { web, health } = await openAll(asked, state, buildHash, stopper);
    if (health !== null) report(asked, web, health, stopper.lab.places);
    await stopper.asked;
    say("\nEnding the lab.");
  } finally {
    await stopper.stop();
  }
}

async function openAll(asked, state, buildHash, stopper) {
  stopper.lab = await step("opening the lab", () => openLab(state));
  stopper.lab.child.once("exit", () => stopper.lost("The lab ended by itself."));
  const { places } = stopper.lab;
  const port = asked.port === 0 ? await freePort(asked.listen) : asked.port;
  const web = {
    app: `${state}/app`,
    data: `${state}/web`,
    node: places.node,
    user: process.getuid() === 0 ? webUser : null,
    socket: places.agentSocket,
    port,
    listen: asked.listen,
    origin: asked.originFor(port),
    isLab: true,
    logFile: `${state}/logs/web.log`,
    onCrash: say,
  };
  if (stopper.isStopping) return { web, health: null };
  await step("bringing the database up to date", async () => {
    stageWeb(web.app, buildHash);
    await prepareDatabase(web);
  });
  await checkPort(asked.listen, port);
  if (stopper.isStopping) return { web, health: null };
  stopper.web = startWeb(web);
  const health = await step("starting the dashboard", () => healthOf(web, () => stopper.isStopping));
  if (health === null && stopper.reason !== null) throw new Problem(stopper.reason);
  return { web, health };
}

function report(asked, web, health, places) {
  const link = setupLink(web, health);
  const { origin } = web;
  if (asked.json)
    return say(JSON.stringify({ origin, link, labSocket: places.labSocket, agentSocket: places.agentSocket }));
  say(`\nSluice is ready: ${origin}`);
  if (link !== null) say(`Sign in for the first time (the link works once): ${link}`);
  say(
    "The lab's clients ask its backends through the farms; change a backend with: npm run lab -- backend web-1 --latency 50",
  );
  say("Ctrl+C ends everything and leaves nothing behind.");
}
