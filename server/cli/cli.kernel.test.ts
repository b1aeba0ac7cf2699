/** The command itself, as a process, against the real agent on a kernel of its own. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeRealAgent, missingForAgent, type RealAgent } from "../agent-link/real-agent.testing.ts";
import { parseDocument } from "../core/farm/document.ts";
import type { Farm } from "../core/farm/types.ts";
import { fixtureLists } from "../core/ruleset/list-fixture.ts";
import { everyKind } from "../core/ruleset/ruleset-fixture.ts";
import { sluice as inProcess } from "./cli.testing.ts";

const missing = missingForAgent();
const isRoot = process.getuid?.() === 0;
const command = fileURLToPath(new URL("../start/sluice.mjs", import.meta.url));
const bundle = fileURLToPath(new URL("../../dist/cli.mjs", import.meta.url));
const namespace = isRoot ? ["-n"] : ["-Urn"];

/** Those of the farms that may stand in one document, each kind by itself. */
function goingTogether(farms: readonly Farm[]): Farm[] {
  const together: Farm[] = [];
  for (const farm of farms)
    if (parseDocument({ farms: [...together, farm] }, crypto.randomUUID).ok) together.push(farm);
  return together;
}

type Ran = { readonly code: number | null; readonly out: string; readonly err: string };

function sluice(words: readonly string[], input = "", env: Record<string, string> = {}): Ran {
  const options = { input, encoding: "utf8", env: { ...process.env, NO_COLOR: "1", ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], options);
  return { code: status, out: stdout, err: stderr };
}

const shop = `farms:
  - name: shop
    addresses: [192.0.2.1, "2001:db8::1"]
    protocol: tcp
    ports: [80, "8000-8010"]
    notes: "first\\nsecond"
    backends:
      - { name: web-1, address: 198.51.100.1, weight: 100 }
      - { name: web-2, address: 198.51.100.2, weight: 50 }
      - { name: six-1, address: "2001:db8:1::1" }
  - name: dns
    addresses: [192.0.2.1]
    protocol: udp
    ports: [53]
    scheduler: source-hash
    backends:
      - { name: ns-1, address: 198.51.100.1, port: 53 }
      - { name: ns-2, address: 198.51.100.2, port: 53, weight: 30 }
`;

describe.skipIf(missing !== null)(
  `sluice compile on the kernel${missing === null ? "" : ` (needs ${missing})`}`,
  () => {
    const load = (text: string) => {
      const script =
        "cat > /dev/shm/$$.nft; nft -f /dev/shm/$$.nft && nft -f /dev/shm/$$.nft; code=$?; rm /dev/shm/$$.nft; exit $code";
      const { status, stderr } = spawnSync("unshare", [...namespace, "sh", "-c", script], {
        input: text,
        encoding: "utf8",
      });
      return { status, stderr };
    };

    it("of every kind of farm loads as it is with nft -f, also over itself", async () => {
      const documents = [...everyKind().map((farm) => [farm]), goingTogether(everyKind())];
      for (const farms of documents) {
        const { code, out, err } = await inProcess(["compile", "-"], {
          files: { "-": JSON.stringify({ lists: fixtureLists, farms }) },
        });
        expect([farms[0]?.name, code, err, load(out)]).toEqual([farms[0]?.name, 0, "", { status: 0, stderr: "" }]);
      }
    });

    it("of a hand-written document too", () => {
      const { out } = sluice(["compile", "-"], shop);
      expect(load(out)).toMatchObject({ status: 0, stderr: "" });
    });
  },
);

describe.skipIf(missing !== null)(`sluice and the real agent${missing === null ? "" : ` (needs ${missing})`}`, () => {
  let agent: RealAgent;
  let folder: string;
  const at = (...words: string[]) => sluice([...words, "--socket", agent.socketPath]);
  const give = (words: readonly string[], input: string) =>
    sluice([...words, "--socket", agent.socketPath, "-"], input);

  beforeAll(async () => {
    agent = makeRealAgent();
    folder = mkdtempSync(join(tmpdir(), "sluice-cli-"));
    await agent.start();
  });
  afterAll(async () => {
    await agent.end();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    expect(give(["apply", "--prune"], shop)).toMatchObject({ code: 0, err: "" });
  });

  it("export | apply changes nothing, as YAML and as JSON", () => {
    for (const option of [[], ["--full"], ["--json"]]) {
      const exported = at("export", ...option);
      expect(exported).toMatchObject({ code: 0, err: "" });
      expect(give(["diff", "--prune", "--exit-code"], exported.out)).toEqual({
        code: 0,
        out: "No difference\n",
        err: "",
      });
      expect(give(["apply", "--prune"], exported.out).out).toContain("Nothing to change");
    }
  });

  it("a dry run says the sentences and changes nothing; apply says them and does it; diff shows it before", () => {
    const edited = shop.replace("weight: 50", "weight: 300");
    const sentence = "web-2 weight 50 to 300: takes 75.0 % of new IPv4 connections instead of 33.3 %";
    expect(give(["diff", "--exit-code"], edited)).toEqual({
      code: 4,
      out: "~ farm shop\n    backends.web-2.weight: 50 -> 300\n",
      err: "",
    });
    expect(give(["apply", "--dry-run"], edited).out).toContain(sentence);
    expect(at("status", "--json", "shop").out).toContain('"weight":50');
    const applied = give(["apply"], edited);
    expect([applied.code, applied.err]).toEqual([0, ""]);
    expect(applied.out).toMatch(new RegExp(`${sentence}[\\s\\S]*Applied as revision [0-9]+ in [0-9.]+ ms\n$`));
    expect(give(["diff", "--exit-code"], edited)).toMatchObject({ code: 0 });
  });

  it("weight, drain, maintenance and resume reach the kernel's shares", async () => {
    // the live rows follow with the agent's next second
    const shares = () =>
      expect.poll(() =>
        JSON.parse(at("status", "--json", "shop").out).live.backends.map((each: { programmedPct: number }) =>
          Math.round(each.programmedPct),
        ),
      );
    await shares().toEqual([67, 33, 100]);
    expect(at("weight", "shop/web-2", "100")).toMatchObject({ code: 0, err: "" });
    await shares().toEqual([50, 50, 100]);
    expect(at("drain", "shop/web-1").out).toContain("web-1 is drained: takes no new");
    await shares().toEqual([0, 100, 100]);
    expect(at("maintenance", "shop/web-2")).toMatchObject({ code: 0 });
    await shares().toEqual([0, 0, 100]);
    expect(at("resume", "shop/web-1", "shop/web-2")).toMatchObject({ code: 0 });
    await shares().toEqual([50, 50, 100]);
  });

  it("of two that edit the same farm at once one is refused with who was first, and nothing is lost", async () => {
    const runs = await Promise.all(
      [11, 12, 13, 14].map(
        (weight) =>
          new Promise<Ran>((resolve) => {
            const child = spawn(process.execPath, [
              command,
              "weight",
              "shop/web-1",
              String(weight),
              "--socket",
              agent.socketPath,
            ]);
            let [out, err] = ["", ""];
            child.stdout.on("data", (chunk) => {
              out += chunk;
            });
            child.stderr.on("data", (chunk) => {
              err += chunk;
            });
            child.on("close", (code) => resolve({ code, out, err }));
          }),
      ),
    );
    for (const { code, err } of runs)
      expect([code, code === 1 ? /^sluice: Conflict: farm shop was changed meanwhile by /.test(err) : err]).toEqual([
        code === 1 ? 1 : 0,
        code === 1 ? true : "",
      ]);
    expect(runs.some(({ code }) => code === 0)).toBe(true);
  });

  it("status and top show what runs; explain says the slot and the backend by the kernel's own listing", () => {
    const status = at("status");
    expect(status).toMatchObject({ code: 0, err: "" });
    expect(status.out).toMatch(/^dns .* udp 53 +source-hash +2\/2/m);
    expect(at("top", "--once").out).toMatch(/^shop /m);
    const explained = JSON.parse(at("explain", "203.0.113.5", "192.0.2.1:53/udp", "--json").out);
    expect(explained).toMatchObject({ verdict: "hash", farm: { name: "dns" }, slot: { of: 1024 } });
    writeFileSync(join(folder, "shop.yaml"), shop);
    const offline = JSON.parse(
      sluice(["explain", "--json", "--file", join(folder, "shop.yaml"), "203.0.113.5", "192.0.2.1:53/udp"]).out,
    );
    expect([offline.slot, offline.backend.name]).toEqual([explained.slot, explained.backend.name]);
  });

  it("top follows until it is interrupted, and then ends with 0", async () => {
    const child = spawn(process.execPath, [command, "top", "--socket", agent.socketPath]);
    const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
    let tables = 0;
    await new Promise<void>((resolve) => {
      child.stdout.on("data", (chunk) => {
        tables += String(chunk).split("FARM ").length - 1;
        if (tables >= 2) resolve();
      });
    });
    child.kill("SIGINT");
    expect(await ended).toBe(0);
  });

  it("top on a terminal takes keys, and gives the terminal back as it was", async () => {
    const run = `stty -a > before; "${process.execPath}" "${command}" top --socket "${agent.socketPath}"; echo "ended with $?"; stty -a > after; cmp before after`;
    const child = spawn("script", ["-qec", run, "/dev/null"], { cwd: folder, env: { ...process.env, TERM: "dumb" } });
    // its last words may come after its end
    const ended = new Promise((resolve) => child.once("close", resolve));
    let seen = "";
    await new Promise<void>((resolve) => {
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        seen += text;
        if (!seen.includes("s sorts by traffic")) return child.stdin.write(seen.includes("s sorts by name") ? "s" : "");
        resolve();
      });
    });
    child.stdin.write("q");
    expect([await ended, /ended with [0-9]+/.exec(seen)?.[0]]).toEqual([0, "ended with 0"]);
  });

  it("hostile documents end with 1 and leave the kernel's tables and the farms as they were", () => {
    const before = at("export", "--json").out;
    agent.nft("add", "table", "inet", "bystander");
    for (const text of [
      shop.replace("name: shop", 'name: "x; flush ruleset; #"'),
      shop.replace("192.0.2.1", "192.0.2.1 . tcp . 80 : accept }"),
      shop.replace("ports: [53]", 'ports: ["53 }; delete table inet bystander"]'),
      `a: &a [x]\n${shop}`,
      "[".repeat(100_000),
      `{"farms": ${"[".repeat(5000)}${"]".repeat(5000)}}`,
    ])
      expect([give(["apply"], text).code, give(["diff"], text).code]).toEqual([1, 1]);
    expect(at("export", "--json").out).toBe(before);
    agent.nft("list", "table", "inet", "bystander");
    agent.nft("delete", "table", "inet", "bystander");
  });

  it.runIf(isRoot)("a user who is not among the agent's callers reads so, with the uid seen", () => {
    expect(sluice(["help"]).code).toBe(0);
    copyFileSync(bundle, join(folder, "cli.mjs"));
    chmodSync(folder, 0o755);
    const words = ["--reuid=12345", "--regid=12345", "--clear-groups", process.execPath, join(folder, "cli.mjs")];
    const opened = join(agent.socketPath, "..");
    chmodSync(opened, 0o755);
    const { status, stdout, stderr } = spawnSync("setpriv", [...words, "status", "--socket", agent.socketPath], {
      encoding: "utf8",
    });
    expect([status, stdout, stderr]).toEqual([1, "", "sluice: not allowed: the agent does not serve uid 12345\n"]);
  });

  it("without an agent ends with 2, whatever was asked", async () => {
    await agent.kill();
    for (const words of [
      ["status"],
      ["export"],
      ["weight", "shop/web-1", "5"],
      ["top"],
      ["explain", "203.0.113.5", "192.0.2.1:80"],
    ])
      expect(at(...words)).toMatchObject({ code: 2, out: "" });
    expect(give(["apply"], shop)).toMatchObject({ code: 2, out: "" });
    await agent.start();
  });
});

describe("the command in a pipe", () => {
  it("ends quietly when nobody reads on", () => {
    const out = execFileSync("sh", ["-c", `"${process.execPath}" "${command}" compile - | head -1`], {
      input: shop,
      encoding: "utf8",
    });
    expect(out).toBe("table inet sluice\n");
  });
});
