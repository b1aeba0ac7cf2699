/**
 * `npm start -- --host` as root meets it, on a machine of its own: network and mount namespace, with a private /etc (accounts),
 * /var/lib and /run. Nothing of the real machine is touched; needs the production build.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

const launcher = fileURLToPath(new URL("./start.mjs", import.meta.url));
/** this folder imports nothing of ours: the number is read where it stands */
const wire = readFileSync(new URL("../wire/agent.ts", import.meta.url), "utf8");
const protocolVersion = /protocolVersion = (\d+)/.exec(wire)?.[1] ?? "";
const isRoot = process.getuid?.() === 0;
const port = 3999;
/** whole folders: mount points of our own would stay behind on the real machine */
const hidden = ["/var/lib", "/run", "/var/log"];
const machine = [
  "set -e",
  "mount --make-rprivate /",
  "ip link set lo up",
  // useradd renames its files into place: single files cannot be covered, the folder can
  "mount -t tmpfs tmpfs /mnt && cp -a /etc /mnt/ && mount --bind /mnt/etc /etc",
  // a machine that never had Sluice
  "for name in sluice-agent sluice-check sluice-web; do userdel $name 2>/dev/null || true; done",
  ...hidden.map((folder) => `mount -t tmpfs -o mode=755 tmpfs ${folder}`),
  "echo made; exec sleep 1000",
].join("\n");

let holder: ChildProcess;
let host: ChildProcess;
let said = "";

/** -r: in a chroot, the mount namespace's own root is not ours */
const inMachine = (words: readonly string[]) => ["-t", String(holder.pid), "-n", "-m", "-r", ...words];
const nft = (...words: string[]) => execFileSync("nsenter", inMachine(["nft", ...words]), { encoding: "utf8" });
const tables = () => nft("list", "tables").trim().split("\n");
const start = (...words: string[]) =>
  spawnSync("nsenter", inMachine([process.execPath, launcher, "--host", ...words]), { encoding: "utf8" });

/** `npm start -- --host --remove` at a terminal of its own, where somebody types this when it asks. */
async function typedAtTerminal(typed: string) {
  const command = `${process.execPath} ${launcher} --host --remove`;
  const terminal = ["script", "--quiet", "--return", "--command", command, "/dev/null"];
  const child = spawn("nsenter", inMachine(terminal), { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  let isTyped = false;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    if (isTyped || !/All its farms stop at once\. Type yes: /.test(text)) return;
    isTyped = true;
    child.stdin.write(typed);
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  return { status, last: text.trim().split("\r\n").at(-1) };
}

function lineOf(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (piece) => {
      said += String(piece);
      if (said.includes(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`ended before it said "${text}": ${said}`)));
  });
}

/** What the kernel says of one of the launcher's three processes. */
function service(name: "agent" | "prober" | "web"): Record<string, string> {
  // Next gives its process another name: the dashboard is told by its folder
  const isIt = (pid: string) =>
    name === "web"
      ? readlinkSync(`/proc/${pid}/cwd`).endsWith("/var/lib/sluice/app/web")
      : readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith(`/${name}.mjs\0`);
  const pid = readdirSync("/proc").find((one) => isOurs(one) && isIt(one));
  if (pid === undefined) throw new Error(`${name} does not run`);
  const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
  return Object.fromEntries(lines.map((line) => [line.split(":\t")[0], line.split(":\t")[1] ?? ""]));
}

function isOurs(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[1] === String(host.pid);
  } catch {
    return false;
  }
}

function rightsOf(status: Record<string, string>) {
  const sets = [status.CapEff, status.CapPrm, status.CapInh, status.CapBnd, status.CapAmb];
  return { uid: status.Uid?.split("\t"), sets, noNewPrivs: status.NoNewPrivs };
}

function userId(name: string): string {
  return execFileSync("nsenter", inMachine(["id", "-u", name]), { encoding: "utf8" }).trim();
}

async function askAgent(method: string, path: string, body?: unknown): Promise<unknown> {
  return JSON.parse(await askText(method, path, body));
}

/** Over the socket of the machine, reached by the way through the namespace's root. */
function askText(method: string, path: string, body?: unknown): Promise<string> {
  const socketPath = `/proc/${holder.pid}/root/run/sluice/agent.sock`;
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers: { "sluice-protocol": protocolVersion } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve(text));
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const id = (number: number) => `00000000-0000-4000-8000-00000000000${number}`;
const farm = {
  id: id(1),
  name: "shop",
  addresses: ["192.0.2.40"],
  protocol: "tcp",
  ports: [80],
  backends: [{ id: id(2), name: "web-1", address: "192.0.2.10", port: 8080 }],
};
/** Three backends of this machine that answer by HTTP; HUP makes one slow. */
const measured = {
  id: id(4),
  name: "measured",
  addresses: ["10.99.0.1"],
  protocol: "tcp",
  ports: [80],
  scheduler: "least-response",
  healthCheck: { type: "http", path: "/", intervalMs: 500, timeoutMs: 3000, rise: 2, fall: 2 },
  backends: [5, 6, 7].map((number, at) => {
    return { id: id(number), name: `web-${at + 1}`, address: `10.20.1.${at + 1}`, port: 8080 };
  }),
};
const backend = (address: string) => `
let lateMs = 5;
process.on("SIGHUP", () => { lateMs = 100; });
require("http").createServer((_, response) => setTimeout(() => response.end("${address}"), lateMs)).listen(8080, "${address}");
`;
/** Thirty requests, one after the other: who answered, and how many failed. */
const client = `
const http = require("http");
const counts = {};
const note = (who) => { counts[who] = (counts[who] ?? 0) + 1; };
const one = () => new Promise((resolve) => {
  const asked = http.get({ host: "10.99.0.1", agent: false, timeout: 2000 }, (response) => {
    let text = "";
    response.on("data", (piece) => { text += piece; }).on("end", () => { note(text); resolve(); });
  });
  asked.on("timeout", () => asked.destroy()).on("error", () => { note("failed"); resolve(); });
});
(async () => { for (let at = 0; at < 30; at++) await one(); console.log(JSON.stringify(counts)); })();
`;
/** Another process that holds the database for itself; inside the machine, where its path leads to it. */
const locking = `
const Sqlite = require(${JSON.stringify(createRequire(import.meta.url).resolve("better-sqlite3"))});
new Sqlite("/var/lib/sluice/web/sluice.db").exec("BEGIN EXCLUSIVE");
console.log("the database is held");
setInterval(() => {}, 1000);
`;
/** A try to sign in is written down before the password is looked at. */
const signingIn = `
fetch("http://127.0.0.1:${port}/api/auth/sign-in/username", {
  method: "POST",
  headers: { "content-type": "application/json", origin: "http://127.0.0.1:${port}" },
  body: JSON.stringify({ username: "nobody", password: "whatever it is" }),
}).then((answer) => answer.text()).then(console.log);
`;
const netAdmin = "0000000000001000";
const nothing = "0000000000000000";

describe.skipIf(!isRoot)(`npm start -- --host${isRoot ? "" : " (needs root)"}`, () => {
  beforeAll(async () => {
    holder = spawn("unshare", ["-n", "-m", "sh", "-c", machine], { stdio: ["ignore", "pipe", "inherit"] });
    await lineOf(holder, "made");
    nft("add table ip other; add chain ip other kept; add rule ip other kept counter accept");
    const argv = inMachine([process.execPath, launcher, "--host", "--port", String(port)]);
    host = spawn("nsenter", argv, { stdio: ["ignore", "pipe", "inherit"] });
    await lineOf(host, "Ctrl+C ends agent and dashboard; the rules and the traffic stay.");
  }, 50_000);
  afterAll(async () => {
    if (host?.exitCode === null) {
      host.kill("SIGTERM");
      await new Promise((resolve) => host.once("exit", resolve));
    }
    holder?.kill("SIGKILL");
  });

  test("says where the dashboard is, with a one-time link", () => {
    expect(said).toContain(`Sluice manages this machine: http://127.0.0.1:${port}`);
    expect(said).toMatch(new RegExp(`the link works once\\): http://127.0.0.1:${port}/setup\\?token=[\\w-]{16,}`));
  });

  test("runs agent, prober and dashboard each as its own user; only the agent has a capability, and it has one", () => {
    const agent = rightsOf(service("agent"));
    const prober = rightsOf(service("prober"));
    const web = rightsOf(service("web"));
    const all = (set: string) => Array.from({ length: 5 }, () => set);
    const as = (name: string) => Array.from({ length: 4 }, () => userId(name));
    expect(agent).toEqual({ uid: as("sluice-agent"), sets: all(netAdmin), noNewPrivs: "1" });
    expect(prober).toEqual({ uid: as("sluice-check"), sets: all(nothing), noNewPrivs: "1" });
    expect(web).toEqual({ uid: as("sluice-web"), sets: all(nothing), noNewPrivs: "1" });
    const users = ["sluice-agent", "sluice-check", "sluice-web"].map(userId);
    expect(new Set(users).size).toBe(3);
    expect(users).not.toContain("0");
  });

  test("sockets stand in a folder that only the agent writes; the prober's is not for everybody", () => {
    const places = ["/run/sluice", "/run/sluice/agent.sock", "/run/sluice/prober.sock", "/var/lib/sluice/agent"];
    const modes = execFileSync("nsenter", inMachine(["stat", "-c", "%a %U", ...places]), { encoding: "utf8" });
    expect(modes.trim().split("\n")).toEqual(["755", "666", "660", "700"].map((mode) => `${mode} sluice-agent`));
  });

  test("puts farms into this machine's kernel, and a second start says that the first one runs", async () => {
    const operations = [{ type: "put-farm", base: null, farm }];
    const request = { uuid: id(3), actor: { id: "tester", name: "Tester" }, operations };
    expect(await askAgent("POST", "/v1/changes", request)).toMatchObject({ outcome: "applied" });
    expect(nft("list", "map", "inet", "sluice", "svc4")).toContain("192.0.2.40 . tcp . 80");
    const second = start("--port", "0");
    expect(second.status).toBe(1);
    expect(second.stderr.trim()).toMatch(/^Sluice already manages this machine \(process \d+\); end it first\.$/);
  });

  test("with the database locked, then the dashboard killed and the database gone, health, failover and measured weights go on in the kernel", async () => {
    const inside = (...words: string[]) => execFileSync("nsenter", inMachine(words), { encoding: "utf8" });
    for (const address of [...measured.addresses, ...measured.backends.map((each) => each.address)])
      inside("ip", "addr", "add", `${address}/32`, "dev", "lo");
    const serve = (at: number) => {
      const words = inMachine([process.execPath, "-e", backend(`10.20.1.${at}`)]);
      return spawn("nsenter", words, { stdio: "ignore" });
    };
    const backends = [1, 2, 3].map(serve);
    const answers = () => JSON.parse(inside(process.execPath, "-e", client)) as Record<string, number>;
    const metric = async (family: string, name: string) => {
      const page = await askText("GET", "/metrics");
      const labels = [`farm="measured"`, `backend="${name}"`];
      const line = page
        .split("\n")
        .find((each) => each.startsWith(`sluice_backend_${family}{`) && labels.every((label) => each.includes(label)));
      return line === undefined ? null : Number(line.split(" ").at(-1));
    };
    const eventually = async (isSo: () => Promise<boolean>) => {
      await vi.waitFor(async () => expect(await isSo()).toBe(true), { timeout: 30_000, interval: 200 });
    };
    const operations = [{ type: "put-farm", base: null, farm: measured }];
    const asked = { uuid: id(8), actor: { id: "tester", name: "Tester" }, operations };
    expect(await askAgent("POST", "/v1/changes", asked)).toMatchObject({ outcome: "applied" });
    for (const { name } of measured.backends) await eventually(async () => (await metric("up", name)) === 1);
    // measured weights are on the move already: who answers counts, not how often
    expect(Object.keys(answers()).sort()).toEqual(["10.20.1.1", "10.20.1.2", "10.20.1.3"]);

    const data = `/proc/${holder.pid}/root/var/lib/sluice/web`;
    const locker = spawn("nsenter", inMachine([process.execPath, "-e", locking]), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await lineOf(locker, "the database is held");
    expect(inside(process.execPath, "-e", signingIn), "the lock is felt, and said in one sentence").toContain(
      "The database is locked by another process; try again",
    );
    backends[0]?.kill("SIGKILL");
    await eventually(async () => (await metric("up", "web-1")) === 0);
    const after = answers();
    expect([after["10.20.1.1"], after.failed]).toEqual([undefined, undefined]);
    locker.kill("SIGKILL");

    process.kill(Number(service("web").Pid), "SIGKILL");
    for (const file of readdirSync(data).filter((each) => each.startsWith("sluice.db"))) rmSync(`${data}/${file}`);
    const asking = `fetch("http://127.0.0.1:${port}/api/health").then(({ status }) => console.log(status), () => console.log(0))`;
    backends[2]?.kill("SIGHUP");
    await eventually(async () => ((await metric("weight_factor_ratio", "web-3")) ?? 1) < 0.4);
    const weighed = answers();
    expect((weighed["10.20.1.3"] ?? 0) * 2).toBeLessThan(weighed["10.20.1.2"] ?? 0);
    backends[0] = serve(1);
    await eventually(async () => (await metric("up", "web-1")) === 1);
    expect(answers()["10.20.1.1"]).toBeGreaterThan(0);
    // nobody gave the dashboard its database back meanwhile
    expect(inside(process.execPath, "-e", asking).trim()).not.toBe("200");
    for (const each of backends) each.kill("SIGKILL");
  }, 120_000);

  test("ends on SIGTERM, leaves the rules in the kernel and says so", async () => {
    // what it said last may be read after its end
    const ended = new Promise((resolve) => host.once("close", resolve));
    host.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(said).toContain("Its rules stay in the kernel and traffic goes on");
    expect(said).toContain("npm start -- --host --remove");
    expect(nft("list", "map", "inet", "sluice", "svc4")).toContain("192.0.2.40 . tcp . 80");
    expect(tables()).toEqual(["table ip other", "table inet sluice"]);
    const events = readFileSync(`/proc/${holder.pid}/root/var/lib/sluice/agent/events.log`, "utf8");
    expect(events, "nobody is told of an end that was asked for").not.toContain("The prober is gone");
    expect(events).toContain('"kind":"change"');
  });

  test("--remove without a terminal and without --yes removes nothing", () => {
    const { status, stderr } = start("--remove");
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/^Removing the rules ends all balancing on this machine; add --yes/);
    expect(tables()).toContain("table inet sluice");
  });

  test("--remove --yes takes our table and leaves that of another program byte for byte", () => {
    const before = nft("list", "table", "ip", "other");
    const { status, stdout } = start("--remove", "--yes");
    expect({ status, removed: /^Removed: (.*)\.$/m.exec(stdout)?.[1] }).toEqual({ status: 0, removed: "inet sluice" });
    expect(tables()).toEqual(["table ip other"]);
    expect(nft("list", "table", "ip", "other")).toBe(before);
    expect(start("--remove", "--yes").stdout).toContain("There is no table of Sluice in this machine's kernel.");
  });

  test("--remove at a terminal asks, and only a typed yes is one: Ctrl+C and Ctrl+D are answered in a sentence", async () => {
    nft("add", "table", "inet", "sluice");
    for (const typed of ["no\n", "\n", "\u0003", "\u0004"]) {
      expect(await typedAtTerminal(typed)).toEqual({ status: 1, last: "Nothing was removed." });
      expect(tables()).toEqual(["table ip other", "table inet sluice"]);
    }
    expect(await typedAtTerminal("yes\n")).toEqual({ status: 0, last: "Removed: inet sluice." });
    expect(tables()).toEqual(["table ip other"]);
  });

  test("after a reboot the rules come back from the agent alone, whatever became of the dashboard's database", async () => {
    writeFileSync(`/proc/${holder.pid}/root/var/lib/sluice/web/sluice.db`, "no database at all ".repeat(400));
    said = "";
    host = spawn("nsenter", inMachine([process.execPath, launcher, "--host", "--port", String(port)]), {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await lineOf(host, "Farms are balanced without the dashboard");
    await vi.waitFor(() => expect(nft("list", "map", "inet", "sluice", "svc4")).toContain("192.0.2.40 . tcp . 80"), {
      timeout: 30_000,
      interval: 200,
    });
    expect(rightsOf(service("agent")).sets[0]).toBe(netAdmin);
    const ended = new Promise((resolve) => host.once("close", resolve));
    host.kill("SIGTERM");
    expect(await ended, "also while it waits").toBe(0);
    expect(nft("list", "map", "inet", "sluice", "svc4")).toContain("192.0.2.40 . tcp . 80");
  }, 90_000);
});
