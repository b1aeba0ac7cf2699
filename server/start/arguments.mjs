/** What was asked for on the command line, checked; everything has a default. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Problem } from "./steps.mjs";

export const usage = `npm start -- [options]
  --port N        port of the dashboard (default 3000, or PORT)
  --listen ADDR   address of the dashboard (default 127.0.0.1)
  --origin URL    how browsers reach the dashboard, when that is not the address above (behind a proxy, from other machines)
  --host          manage this machine's own kernel instead of a lab (root or sudo)
  --host --remove take Sluice's tables out of this machine's kernel (asks; --yes does not)
  --state DIR     keep the lab's state here
`;

const options = {
  port: { type: "string" },
  listen: { type: "string" },
  origin: { type: "string" },
  state: { type: "string" },
  host: { type: "boolean", default: false },
  remove: { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
  // what the launcher says to itself behind sudo
  "ends-with-input": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
};

export function readArguments(words, defaultPort = process.env.PORT ?? "3000") {
  const values = parse(words);
  if (values.remove && !values.host)
    throw new Problem("--remove goes with --host: it takes Sluice's tables out of this machine's kernel.");
  const port = readPort(values.port ?? defaultPort);
  const listen = values.listen ?? "127.0.0.1";
  const state = values.state === undefined ? undefined : resolve(values.state);
  const origin = values.origin === undefined ? null : readOrigin(values.origin);
  return { ...values, state, port, listen, originFor: (chosen) => origin ?? originOf(listen, chosen) };
}

function parse(words) {
  try {
    return parseArgs({ args: words, options, allowPositionals: false }).values;
  } catch (error) {
    throw new Problem(`${error.message.split(". ")[0]}.\n\n${usage}`);
  }
}

function readOrigin(text) {
  try {
    const url = new URL(text);
    if (/^https?:$/.test(url.protocol) && url.pathname === "/") return url.origin;
  } catch {
    // falls through to the sentence
  }
  throw new Problem(`An origin looks like https://sluice.example.org, not "${text}".`);
}

function readPort(text) {
  const port = Number(text);
  if (text.trim() !== "" && Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Problem(`A port is a number from 1 to 65535, not "${text}".`);
}

/** Where a browser on this machine finds the dashboard. */
function originOf(listen, port) {
  const isAny = listen === "0.0.0.0" || listen === "::";
  const host = isAny ? "127.0.0.1" : listen.includes(":") ? `[${listen}]` : listen;
  return `http://${host}:${port}`;
}
