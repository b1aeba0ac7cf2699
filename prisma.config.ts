import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// The native schema engine would be downloaded; the CLI talks to its WASM build through this script instead. The CLI reads this file
// before it looks for the engine, so nobody has to remember an environment.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("./prisma/schema-engine.mjs", import.meta.url));
process.env.CHECKPOINT_DISABLE ??= "1";
process.env.PRISMA_HIDE_UPDATE_MESSAGE ??= "1";

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "file:./dev.db" },
});
