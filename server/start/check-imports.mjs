/**
 * Enforces the import table of ARCHITECTURE.md: which of our folders may import which. `node server/start/check-imports.mjs` prints each
 * violation as `file: imported path: rule` and exits 1. It reads import statements by pattern; types count like values.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder -> folders it may import besides itself. */
const table = {
  "server/core": [],
  "server/wire": ["server/core"],
  "server/agent": ["server/core", "server/wire", "server/platform"],
  "server/prober": ["server/core", "server/wire", "server/platform"],
  "server/db": ["server/core", "server/platform"],
  "server/agent-link": ["server/core", "server/wire", "server/platform"],
  "server/history": ["server/core", "server/platform"],
  "server/notify": ["server/core", "server/platform"],
  "server/live": ["server/core", "server/wire", "server/agent-link", "server/platform"],
  "server/usecases": [
    "server/core",
    "server/wire",
    "server/db",
    "server/history",
    "server/notify",
    "server/agent-link",
    "server/auth",
    "server/platform",
  ],
  "server/cli": ["server/core", "server/wire", "server/agent-link", "server/platform"],
  "server/lab": ["server/core", "server/wire", "server/agent-link", "server/platform"],
  // DECISIONS.md 7: rows that measure the whole product start it through the lab
  "server/bench": ["server/core", "server/wire", "server/agent-link", "server/platform", "server/lab"],
  "server/auth": ["server/core", "server/db", "server/platform"],
  "server/platform": ["server/core"],
  "server/start": [],
  prisma: ["server/core", "server/db"],
  components: ["server/core"],
  app: ["components", "server/usecases", "server/live", "server/auth", "server/platform", "server/core"],
  e2e: ["server/core", "server/lab", "server/notify"],
};
/** Single files beyond the table: [importing folder, imported path]. */
const exceptions = [
  ["prisma", /^server\/lab\/farms\.json$/],
  ["components", /^app\/(.*\/)?actions(\/[^/]+)?\.ts$/],
];
/** Packages are free everywhere but here. */
const packages = { "server/core": ["zod/mini"], "server/wire": ["zod/mini"] };
const testPackages = ["vitest", "fast-check"];
/** A package that only these files may use. */
const guarded = [
  [/^(prisma$|@prisma\/)/, /^(server\/db\/|prisma\/|prisma\.config\.ts$)/, "Prisma stays in server/db"],
  [/^nodemailer$/, /^server\/notify\//, "only server/notify sends mail"],
  [/^koffi$/, /^server\/agent\/libc\.ts$/, "only server/agent/libc.ts uses koffi"],
];
/** What core must not touch: its functions get time, randomness and the environment as arguments. */
const impure = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.|\bcrypto\.random|\bperformance\.now\b/;

const roots = ["server", "app", "components", "e2e", "prisma"];
const rootFiles = ["instrumentation.ts", "prisma.config.ts"];
const skipped = new Set(["node_modules", "generated", "migrations", "testdata"]);

/** All violations of the checkout at `root`, as sentences, sorted. */
export function checkImports(root) {
  const files = [
    ...roots.flatMap((folder) => sources(join(root, folder))),
    ...rootFiles.map((name) => join(root, name)),
  ];
  return files.flatMap((path) => checkFile(root, path)).sort();
}

function checkFile(root, path) {
  const text = read(path);
  if (text === null) return [];
  const file = relative(root, path);
  const code = withoutComments(text);
  const wrong = importsOf(code).flatMap((specifier) => {
    const rule = broken(file, specifier);
    return rule === null ? [] : [`${file}: ${specifier}: ${rule}`];
  });
  const found = zoneOf(file) === "server/core" && !isTest(file) ? impure.exec(code) : null;
  return found === null ? wrong : [...wrong, `${file}: ${found[0]}: server/core is pure`];
}

/** The rule that an import breaks, or null. */
function broken(file, specifier) {
  const zone = zoneOf(file);
  if (zone === null) return null;
  const target = targetOf(file, specifier);
  if (target === null) return brokenPackage(file, zone, specifier);
  if (specifier.startsWith("@/") && zone !== "app" && zone !== "components")
    return "@/ is for app and components; write a relative path";
  const other = zoneOf(target);
  if (/^server\/db\/generated\//.test(target) && zone !== "server/db") return "Prisma's types stay in server/db";
  if (other === null || other === zone || table[zone]?.includes(other)) return null;
  if (exceptions.some(([from, to]) => from === zone && to.test(target))) return null;
  if (other === "server/lab" && /\.kernel\.(test|testing)\.ts$/.test(file)) return null;
  if (table[zone] === undefined) return `${zone} is not in the import table`;
  const may = table[zone].length === 0 ? "nothing of ours but itself" : table[zone].join(", ");
  return `${zone} may import ${may}`;
}

function brokenPackage(file, zone, specifier) {
  const rule = guarded.find(([name, where]) => name.test(specifier) && !where.test(file));
  if (rule !== undefined) return rule[2];
  const allowed = packages[zone];
  if (allowed === undefined || allowed.includes(specifier)) return null;
  if (isTest(file) && (testPackages.includes(specifier) || specifier.startsWith("node:"))) return null;
  return `${zone} may use ${allowed.join(", ")} and no other package`;
}

/** Path inside the checkout, or null for a package. */
function targetOf(file, specifier) {
  if (specifier.startsWith("@/")) return specifier.slice(2);
  return specifier.startsWith(".") ? posix.normalize(posix.join(posix.dirname(file), specifier)) : null;
}

/** The folder of the table that a path belongs to; null for files at the root, which are configuration. */
function zoneOf(path) {
  if (path === "instrumentation.ts") return "app";
  const [first, second] = path.split("/");
  if (first === "server" && second !== undefined) return `server/${second}`;
  return roots.includes(first) && second !== undefined ? first : null;
}

function isTest(file) {
  return /\.(test|testing)\.[a-z]+$/.test(file);
}

function importsOf(code) {
  const patterns = [
    /\b(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"']+)["']/g,
    /\bimport\s*["']([^"']+)["']/g,
    /\b(?:import|require)\s*\(\s*["'`]([^"'`]+)["'`]/g,
  ];
  const found = patterns.flatMap((pattern) => Array.from(code.matchAll(pattern), (match) => match[1]));
  return [...new Set(found)];
}

/** Comments go, and strings with a space in them: neither an import in a comment nor one in a text is one. */
function withoutComments(text) {
  const tokens = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<!\\)\/\/[^\n]*/g;
  return text.replace(tokens, (token) => {
    if (token.startsWith("/")) return " ";
    return /\s/.test(token) ? '""' : token;
  });
}

function sources(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // a folder that is not there yet
  }
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sources(join(folder, entry.name));
    return /\.(ts|tsx|mjs|js)$/.test(entry.name) ? [join(folder, entry.name)] : [];
  });
}

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] !== undefined && resolve(process.argv[1]) === here) {
  const violations = checkImports(resolve(dirname(here), "../.."));
  for (const violation of violations) console.log(violation);
  if (violations.length > 0) process.exit(1);
  console.log("the import table holds");
}
