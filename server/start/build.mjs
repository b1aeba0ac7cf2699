/**
 * What is made from the sources: Prisma client, the bundles of agent, prober and lab, and the production build of the dashboard.
 * Each only when its sources changed, and one build of a checkout at a time. `npm run build` makes all, `--bundles` only what the kernel tests need.
 */
import { cpSync, existsSync, rmSync } from "node:fs";
import { bundle } from "./bundle.mjs";
import { checkout, hashOf, hasStamp, inCheckout, writeStamp } from "./checkout.mjs";
import { checkDisk } from "./checks.mjs";
import { widenPath } from "./debian.mjs";
import { ensureNodeModules } from "./install.mjs";
import { aloneInCheckout } from "./lock.mjs";
import { withNode } from "./node-version.mjs";
import { boundToUs } from "./processes.mjs";
import { main, run, step } from "./steps.mjs";

const buildMb = 600;

/** bundle name -> entry; those whose entry does not exist yet are left out */
const entries = {
  agent: "server/agent/main.ts",
  prober: "server/prober/main.ts",
  lab: "server/lab/main.ts",
  cli: "server/cli/main.ts",
  deploy: "prisma/deploy.mjs",
  seed: "prisma/seed.ts",
};
const configFiles = [
  "package-lock.json",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "instrumentation.ts",
  "proxy.ts",
  "prisma.config.ts",
  "prisma/schema.prisma",
];

const isTest = (path) => /\.test\.tsx?$|\/testdata(\/|$)/.test(path);
const isGenerated = (path) => path === "server/db/generated";
const isStart = (path) => path === "server/start";

export function generateClient() {
  return aloneInCheckout(generateIfStale);
}

async function generateIfStale() {
  if (!existsSync(inCheckout("prisma/schema.prisma"))) return;
  const hash = hashOf(["prisma/schema.prisma", "prisma.config.ts", "package-lock.json"]);
  if (hasStamp("generate", hash) && existsSync(inCheckout("server/db/generated"))) return;
  await step("generating the database client", () =>
    run(bin("prisma", "build/index.js", ["generate"]), { cwd: checkout }),
  );
  writeStamp("generate", hash);
}

export function buildBundles() {
  return aloneInCheckout(bundleIfStale);
}

async function bundleIfStale() {
  const names = Object.keys(entries).filter((name) => existsSync(inCheckout(entries[name])));
  const skip = (path) => isTest(path) || isStart(path);
  const hash = hashOf(["server", "prisma", "package-lock.json"], skip, names.join());
  if (hasStamp("bundles", hash) && names.every((name) => existsSync(inCheckout(`dist/${name}.mjs`)))) return;
  const points = Object.fromEntries(names.map((name) => [name, inCheckout(entries[name])]));
  await step(`bundling ${names.join(", ")}`, () => bundle(points, inCheckout("dist")));
  writeStamp("bundles", hash);
}

export function buildWeb() {
  return aloneInCheckout(buildWebIfStale);
}

async function buildWebIfStale() {
  const skip = (path) =>
    isTest(path) || isGenerated(path) || isStart(path) || /^server\/(lab|bench|agent|prober)$/.test(path);
  const hash = hashOf(["app", "components", "server", "public", ...configFiles], skip);
  if (hasStamp("web", hash) && existsSync(inCheckout(".next/standalone/server.js"))) return hash;
  checkDisk(checkout, buildMb, "building the dashboard");
  await step("building the dashboard (about half a minute)", nextBuild);
  writeStamp("web", hash);
  return hash;
}

async function nextBuild() {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  rmSync(inCheckout(".next/standalone"), { recursive: true, force: true });
  await run(boundToUs(bin("next", "dist/bin/next", ["build"])), { cwd: checkout, env });
  cpSync(inCheckout(".next/static"), inCheckout(".next/standalone/.next/static"), { recursive: true });
  if (existsSync(inCheckout("public")))
    cpSync(inCheckout("public"), inCheckout(".next/standalone/public"), { recursive: true });
}

/** A package's own script run by this very Node, without npx. */
export function bin(name, script, words) {
  return [process.execPath, inCheckout("node_modules", name, script), ...words];
}

if (process.argv[1] === inCheckout("server/start/build.mjs")) {
  const all = async () => {
    widenPath();
    await ensureNodeModules();
    await generateClient();
    await buildBundles();
    if (!process.argv.includes("--bundles")) await buildWeb();
  };
  await withNode(() => main(all));
}
