/** Debian packages: which programs are missing, and installing them as root or with sudo, else the one command to type. */
import { accessSync, constants, existsSync } from "node:fs";
import { capture, Problem, run, show, step } from "./steps.mjs";

/** program, or file by its path -> package */
const packages = {
  // nft shows tcp and udp by name only where this file is
  "/etc/protocols": "netbase",
  nft: "nftables",
  conntrack: "conntrack",
  ip: "iproute2",
  fping: "fping",
  unshare: "util-linux",
  setpriv: "util-linux",
  flock: "util-linux",
  ps: "procps",
  useradd: "passwd",
  chromium: "chromium",
  python3: "python3",
  make: "make",
  "g++": "g++",
  // what checks are tested against
  dnsmasq: "dnsmasq-base",
  // the benchmarks' own
  ab: "apache2-utils",
  "iptables-legacy-restore": "iptables",
  "/usr/lib/nginx/modules/ngx_stream_module.so": "libnginx-mod-stream",
};

export const basePrograms = ["nft", "conntrack", "ip", "fping", "unshare", "setpriv", "flock", "ps", "/etc/protocols"];
/** real services that health checks are tested against */
export const servicePrograms = ["nginx", "openssl", "haproxy", "dnsmasq", "snmpd", "prometheus-node-exporter"];
export const compilerPrograms = ["python3", "make", "g++"];

/** Debian keeps programs in sbin that an ordinary user's PATH does not have. */
export function widenPath() {
  const parts = (process.env.PATH ?? "").split(":");
  const missing = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].filter((one) => !parts.includes(one));
  process.env.PATH = [...parts, ...missing].filter((one) => one !== "").join(":");
}

export function missingPrograms(programs) {
  return programs.filter((program) => !isFound(program));
}

function isFound(program) {
  return program.startsWith("/") ? existsSync(program) : placeOf(program) !== null;
}

/** The whole path of a program, or null. */
export function placeOf(program) {
  const folder = (process.env.PATH ?? "").split(":").find((folder) => {
    try {
      accessSync(`${folder}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return folder === undefined ? null : `${folder}/${program}`;
}

/**
 * `laterOn` names what is going to be missing after these: who has to install by hand is told everything in one command.
 * @param {string[]} programs
 * @param {() => Promise<string[]>} laterOn
 */
export async function ensurePrograms(programs, laterOn = async () => []) {
  const missing = missingPrograms(programs);
  if (missing.length === 0) return;
  if (!isFound("apt-get"))
    throw new Problem(
      `These programs are missing: ${missing.join(", ")}; install them with this system's package manager.`,
    );
  const before = await privilege();
  if (before === null) {
    const all = [...missing, ...missingPrograms(await laterOn())];
    throw new Problem(`Debian packages are missing; install them and start again:\n  ${byHand(all)}`);
  }
  const command = installing(missing);
  const names = packagesOf(missing);
  await step(`installing Debian packages: ${names.join(" ")}`, () => install(before, command));
  const still = missingPrograms(programs);
  if (still.length > 0) throw new Problem(`Still missing after installing ${names.join(" ")}: ${still.join(", ")}.`);
}

/** One line to type, on a fresh machine too: that one has no package lists. `su -` because without it the PATH has no sbin. */
function byHand(programs) {
  const command = installing(programs).join(" ");
  if (isFound("sudo")) return `sudo apt-get update && sudo ${command}`;
  return `su - -c "apt-get update && ${command}"`;
}

function installing(programs) {
  return ["apt-get", "install", "-y", "--no-install-recommends", ...packagesOf(programs)];
}

function packagesOf(programs) {
  return [...new Set(programs.map((program) => packages[program] ?? program))];
}

/** Words before a command that needs root; null when there is no way to become root here. */
async function privilege() {
  if (process.getuid() === 0) return [];
  if (!isFound("sudo")) return null;
  if ((await capture(["sudo", "-n", "true"])).code === 0) return ["sudo", "-n"];
  return process.stdin.isTTY && (await show(["sudo", "-v"])) === 0 ? ["sudo"] : null;
}

/** No questions; and no service of a package that is wanted for its program only is started. sudo passes no environment on. */
const quiet = { DEBIAN_FRONTEND: "noninteractive", SYSTEMD_OFFLINE: "1" };

async function install(before, command) {
  const env = { ...process.env, ...quiet };
  // a fresh machine has no package lists, an old one stale lists: fetch them only when the first try fails
  const asRoot = [...before, "env", ...Object.entries(quiet).map(([name, value]) => `${name}=${value}`)];
  const first = await capture([...asRoot, ...command], { env });
  if (first.code === 0) return;
  await run([...asRoot, "apt-get", "update"], { env });
  await run([...asRoot, ...command], { env });
}
