// Prisma's schema engine as WASM, shared by the CLI's stand-in and by the deploy runner.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PrismaBetterSqlite3 } from "@prisma/adapter-better-sqlite3";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";

// The package's main entry imports .wasm as a module, which Node 20 cannot.
const glue = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
const bindings = await import(glue);
const { instance } = await WebAssembly.instantiate(readFileSync(glue.replace(/\.js$/, ".wasm")), {
  "./schema_engine_bg.js": bindings,
});
bindings.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();

/**
 * `datamodels`: pairs of path and text, or undefined. The engine locks the file until `close`: it does not give back its connections
 * by itself.
 */
export async function newEngine(url, datamodels) {
  const connections = [];
  const factory = bindMigrationAwareSqlAdapterFactory(sqliteFactory(url, connections));
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, factory);
  const close = async () => {
    engine.free();
    await Promise.allSettled(connections.map((connection) => connection.dispose()));
  };
  return { engine, close };
}

function sqliteFactory(url, connections) {
  const factory = new PrismaBetterSqlite3({ url });
  for (const method of ["connect", "connectToShadowDb"]) {
    const open = factory[method].bind(factory);
    factory[method] = async () => {
      const adapter = await open();
      connections.push(adapter);
      const execute = adapter.executeRaw.bind(adapter);
      // A prepared statement is one statement, but the engine replays whole migration files.
      adapter.executeRaw = async (query) => {
        if (query.args.length > 0) return execute(query);
        await adapter.executeScript(query.sql);
        return 0;
      };
      return adapter;
    };
  }
  return factory;
}

/** What the engine wants to know about a folder of migrations. */
export function migrationsList(folder, names) {
  return {
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: readFileSync(`${folder}/migration_lock.toml`, "utf8") },
    shadowDbInitScript: "",
    migrationDirectories: names.map((path) => ({
      path,
      migrationFile: {
        path: "migration.sql",
        content: { tag: "ok", value: readFileSync(`${folder}/${path}/migration.sql`, "utf8") },
      },
    })),
  };
}
