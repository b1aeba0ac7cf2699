/**
 * Entry of the lab's bundle. `serve`, `backend` and `client` are started by the launcher and by the lab itself; the rest is for
 * people: `npm run lab -- status`.
 */
import { runBackend } from "./backend.ts";
import { runClient } from "./client.ts";
import { runLabCommand } from "./command.ts";
import { serveLab } from "./serve.ts";

const [verb = "", ...rest] = process.argv.slice(2);
if (verb === "serve") await serveLab(rest[0] ?? "");
else if (verb === "backend" && process.send !== undefined) await runBackend(rest[0] ?? "");
else if (verb === "client" && process.send !== undefined) runClient();
else process.exitCode = await runLabCommand([verb, ...rest]);
