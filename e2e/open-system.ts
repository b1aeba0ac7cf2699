/**
 * Opens what the tests stand on: a lab of their own (namespaces, backends, clients, agent) and the production build on a free port
 * with a database of its own. Everything is gone when the run ends, however it ends.
 */
import { spawn, spawnSync } from "node:child_process";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openLab } from "../server/lab/open-lab.ts";
import { announceSystem } from "./system.ts";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const readyTimeoutMs = 30_000;

// Playwright calls the default export
// biome-ignore lint/style/noDefaultExport: see above
export default async function openSystem(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-e2e-"));
  const lab = await openLab({ backends: 3 });
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = webEnv(folder, lab.socket, origin, port);
  runOnce(["dist/deploy.mjs", env.DATABASE_URL], env);
  runOnce(["dist/seed.mjs"], env);
  const web = spawn("setpriv", ["--pdeathsig=KILL", process.execPath, ".next/standalone/server.js"], {
    cwd: checkout,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = createWriteStream(join(folder, "web.log"));
  web.stdout.pipe(log);
  web.stderr.pipe(log);
  const ended = new Promise<void>((resolve) => web.once("exit", () => resolve()));
  await isHealthy(origin);
  announceSystem({
    origin,
    labSocket: lab.labSocket,
    agentSocket: lab.socket,
    webData: folder,
    storageState: join(folder, "cookies.json"),
  });
  return async () => {
    web.kill("SIGTERM");
    await ended;
    await lab.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

function webEnv(folder: string, socket: string, origin: string, port: number) {
  return {
    PATH: process.env.PATH,
    NODE_ENV: "production" as const,
    DATABASE_URL: `file:${join(folder, "sluice.db")}`,
    SLUICE_DATA: folder,
    SLUICE_SOCKET: socket,
    SLUICE_ORIGIN: origin,
    SLUICE_LAB: "1",
    // receivers of notifications in tests are here
    SLUICE_NOTIFY_NETWORKS: "127.0.0.0/8",
    PORT: String(port),
    HOSTNAME: "127.0.0.1",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

function runOnce(argv: readonly string[], env: NodeJS.ProcessEnv): void {
  const done = spawnSync(process.execPath, argv, { cwd: checkout, env, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${argv[0]} failed: ${done.stderr}`);
}

/** Web answers, and the agent answers it. */
async function isHealthy(origin: string): Promise<void> {
  const endsAt = Date.now() + readyTimeoutMs;
  while (Date.now() < endsAt) {
    const answer = await fetch(`${origin}/api/health`).catch(() => null);
    if (answer?.status === 200 && ((await answer.json()) as { agent?: string }).agent === "answering") return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at ${origin}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject()));
    });
  });
}
