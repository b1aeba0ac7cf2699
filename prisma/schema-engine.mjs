#!/usr/bin/env node
// Stands in for Prisma's native schema engine: the CLI speaks JSON-RPC on stdio with whatever PRISMA_SCHEMA_ENGINE_BINARY names.
// SQLite only. Three repairs, each for a failure seen: a fresh database has no history table; a migration holds more than one
// statement (wasm-engine.mjs); reset leaves tables behind.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { newEngine } from "./wasm-engine.mjs";

const argv = process.argv.slice(2);
const datamodels = [];
let url = process.env.DATABASE_URL;
for (let at = 0; at < argv.length; at++) {
  if (argv[at] === "--datamodels") {
    const path = argv[++at];
    datamodels.push([path, readFileSync(path, "utf8")]);
  } else if (argv[at] === "--datasource") url = JSON.parse(argv[++at]).url ?? url;
}
const file = url ? resolve(url.replace(/^file:/, "")) : null;
let opened = null;

if (argv.includes("cli")) checkOrCreate();
else serve();

/** The CLI asks beforehand whether the database can be connected to, or wants it made. */
function checkOrCreate() {
  if (file === null) process.exit(0);
  if (argv.at(-1) === "create-database") {
    mkdirSync(dirname(file), { recursive: true });
    closeSync(openSync(file, "a"));
  } else if (!existsSync(file)) {
    const fields = { error_code: "P1003", message: `Database ${file} does not exist` };
    process.stderr.write(`error\n${JSON.stringify({ level: "ERROR", target: "schema_engine::logger", fields })}\n`);
    process.exit(1);
  }
  process.exit(0);
}

function serve() {
  let queue = Promise.resolve();
  createInterface({ input: process.stdin })
    .on("line", (line) => {
      const request = JSON.parse(line);
      if (request.method) queue = queue.then(() => answer(request));
    })
    .on("close", () => queue.then(() => process.exit(0)));
}

async function answer(request) {
  try {
    const result = await handle(request);
    if (request.method === "diff" && result?.stdout != null)
      send({ id: 1e6 + request.id, method: "print", params: { content: result.stdout } });
    send({ id: request.id, result: result ?? {} });
  } catch (error) {
    const message = error?.message ?? String(error);
    const data = { is_panic: false, message, meta: error?.meta ?? null, error_code: error?.code ?? null };
    const text = "An error happened. Check the data field for details.";
    send({ id: request.id, error: { code: 4466, message: text, data } });
  }
}

async function handle({ method, params }) {
  if (method === "reset" && file !== null) return startEmpty();
  const name = method === "getDatabaseVersion" ? "version" : method;
  try {
    return await call(name, params);
  } catch (error) {
    const isFresh = error?.code === "P1014" && /_prisma_migrations/.test(error.message);
    if (!isFresh || !params?.migrationsList) throw error;
    const migrationsList = { ...params.migrationsList, migrationDirectories: [] };
    const filters = params.filters ?? { externalTables: [], externalEnums: [] };
    await call("applyMigrations", { migrationsList, filters });
    return call(name, params);
  }
}

async function startEmpty() {
  await opened?.close();
  opened = null;
  for (const tail of ["", "-wal", "-shm", "-journal"]) rmSync(file + tail, { force: true });
  closeSync(openSync(file, "a"));
  return {};
}

async function call(method, params) {
  opened ??= await newEngine(url ?? ":memory:", datamodels.length > 0 ? datamodels : undefined);
  return opened.engine[method](params);
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}
