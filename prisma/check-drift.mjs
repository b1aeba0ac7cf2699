// Says whether schema.prisma is what the committed migrations make: exit 0 when it is, 1 when it is not. Changes nothing.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const words = ["--from-migrations", "prisma/migrations", "--to-schema", "prisma/schema.prisma", "--exit-code"];
const cli = join(checkout, "node_modules/prisma/build/index.js");
// the migrations are replayed in memory; the engine opens, and so makes, whatever database is named
const env = { ...process.env, DATABASE_URL: ":memory:" };
const ran = spawnSync(process.execPath, [cli, "migrate", "diff", ...words], { cwd: checkout, env, encoding: "utf8" });
const isSame = ran.status === 0;
console.log(isSame ? "schema and migrations agree" : `schema and migrations differ\n${ran.stdout}${ran.stderr}`);
process.exit(isSame ? 0 : 1);
