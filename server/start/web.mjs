/**
 * The dashboard's process: a copy of the production build in the state folder (its user may not be able to read the checkout, and
 * a later build changes nothing under it), its database brought up to date, then the server.
 */
import {
  chownSync,
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { get } from "node:http";
import { inCheckout } from "./checkout.mjs";
import { rights, Service, serviceEnv } from "./processes.mjs";
import { Problem, run } from "./steps.mjs";

const healthTimeoutMs = 60_000;
const agentWaitMs = 10_000;
const pollMs = 100;
/** what the host's owner may say to web in the launcher's own environment; everything else stays outside */
export const passedOn = [
  "SLUICE_NOTIFY_NETWORKS",
  "SLUICE_PROMETHEUS_URL",
  "SLUICE_PROMETHEUS_LABELS",
  "SLUICE_PROMETHEUS_TOKEN",
  "NODE_EXTRA_CA_CERTS",
];

/** `app`: the folder that holds dist/ and node_modules/ already (the lab or the host set-up put them there). */
export function stageWeb(app, buildHash) {
  for (const name of ["deploy.mjs", "seed.mjs"])
    if (existsSync(inCheckout("dist", name))) cpSync(inCheckout("dist", name), `${app}/dist/${name}`);
  rmSync(`${app}/prisma`, { recursive: true, force: true });
  cpSync(inCheckout("prisma"), `${app}/prisma`, { recursive: true });
  const wasm = "node_modules/@prisma/schema-engine-wasm";
  cpSync(inCheckout(wasm), `${app}/${wasm}`, { recursive: true });
  const stamp = `${app}/web/.sluice-build`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === buildHash) return;
  rmSync(`${app}/web`, { recursive: true, force: true });
  cpSync(inCheckout(".next/standalone"), `${app}/web`, { recursive: true, verbatimSymlinks: true });
  writeFileSync(stamp, buildHash);
}

/** `web` = { app, data, node, user, socket, port, listen, origin, isLab, logFile, onCrash } */
export async function prepareDatabase(web) {
  mkdirSync(web.data, { recursive: true, mode: 0o700 });
  if (web.user !== null) chownSync(web.data, web.user.uid, web.user.gid);
  const as = [...rights(web.user), web.node];
  const options = { cwd: web.app, env: serviceEnv(databaseEnv(web)) };
  const seeded = `${web.app}/.seeded`;
  const isNew = !existsSync(`${web.data}/sluice.db`);
  await run([...as, `${web.app}/dist/deploy.mjs`, databaseUrl(web)], options);
  if (!web.isLab || (!isNew && existsSync(seeded))) return;
  await run([...as, `${web.app}/dist/seed.mjs`], options);
  writeFileSync(seeded, "");
}

export function startWeb(web) {
  const given = passedOn.filter((name) => process.env[name]).map((name) => [name, process.env[name]]);
  const env = serviceEnv({
    ...Object.fromEntries(given),
    ...databaseEnv(web),
    SLUICE_SOCKET: web.socket,
    SLUICE_ORIGIN: web.origin,
    PORT: String(web.port),
    HOSTNAME: web.listen,
  });
  const argv = [...rights(web.user), web.node, "server.js"];
  return new Service({
    name: "web",
    argv,
    env,
    cwd: `${web.app}/web`,
    logFile: web.logFile,
    onCrash: web.onCrash,
  }).start();
}

/** Resolves to the health answer once the dashboard answers and sees its agent; a silent agent is waited for only a while. */
export async function healthOf(web, isStopping) {
  const startedAt = Date.now();
  let last = null;
  while (Date.now() < startedAt + healthTimeoutMs && !isStopping()) {
    last = await ask(`http://${hostOf(web.listen)}:${web.port}/api/health`);
    const isPatient = Date.now() < startedAt + agentWaitMs;
    if (last?.status === 200 && (last.body.agent === "answering" || !isPatient)) return last.body;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  if (isStopping()) return null;
  const why = last === null ? "it does not answer" : JSON.stringify(last.body);
  throw new Problem(`The dashboard did not come up: ${why}; see ${web.logFile}.`);
}

/** The one-time sign-in link while no administrator exists, else null. */
export function setupLink(web, health) {
  if (health?.setup !== true) return null;
  const token = readToken(`${web.data}/setup-token`);
  return token === null ? null : `${web.origin}/setup?token=${token}`;
}

/**
 * The folder belongs to the dashboard's user and we may be root: no link is followed, nobody is waited for behind a pipe, no more is read
 * than a token has, and only a token is taken for one.
 */
export function readToken(file) {
  let fd = null;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(256);
    const text = bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, 0)).trim();
    return /^[A-Za-z0-9_-]{16,200}$/.test(text) ? text : null;
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function databaseUrl(web) {
  return `file:${web.data}/sluice.db`;
}

function databaseEnv(web) {
  return { DATABASE_URL: databaseUrl(web), SLUICE_DATA: web.data, ...(web.isLab ? { SLUICE_LAB: "1" } : {}) };
}

function hostOf(listen) {
  if (listen === "0.0.0.0") return "127.0.0.1";
  if (listen === "::") return "[::1]";
  return listen.includes(":") ? `[${listen}]` : listen;
}

function ask(url) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, body: parse(text) }));
      // a dashboard that dies while it answers has not answered
      response.on("close", () => resolve(null));
    });
    request.setTimeout(5000, () => request.destroy());
    request.on("error", () => resolve(null));
  });
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text.slice(0, 200);
  }
}
