import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { sluice } from "./cli.testing.ts";
import { commands } from "./commands.ts";
import { createFakeAgent } from "./fake-agent.testing.ts";

const shop = sampleFarm(1, [{ weight: 100 }, { weight: 50, adminState: "drain" }]);
const six = sampleFarm(2, [{ address: "2001:db8:1::7" }], { addresses: ["2001:db8::7"], ports: [80, 443] });
const shown = commands.filter(({ isHidden }) => isHidden !== true);

describe("help", () => {
  it("gives the overview, also for --help", async () => {
    const ran = await sluice(["help"]);
    expect(ran.code).toBe(0);
    expect(ran.out.split("\n").slice(0, 5)).toEqual([
      "sluice: load balancing with nftables",
      "",
      "  compile      the nft script of a document, on standard output",
      "  check        every error of a document, with its place",
      "  apply        make the balancer's farms those of a document",
    ]);
    expect(await sluice(["--help"])).toEqual(ran);
  });

  it("of a command teaches with examples", async () => {
    expect((await sluice(["help", "weight"])).out).toBe(
      [
        "sluice weight FARM/BACKEND N [OPTIONS]",
        "  Set a weight, 0 to 1000.",
        "",
        "  New connections only: open ones stay where they are. 0 takes no new ones.",
        "",
        "Options",
        "  --socket PATH  the agent's socket (else SLUICE_SOCKET, /run/sluice/agent.sock,",
        "                 your running lab)",
        "  --json         for programs",
        "  -h, --help     show the help of this command",
        "",
        "Examples",
        "  sluice weight shop/web-1 50",
        "      web-1 of farm shop gets weight 50",
        "",
      ].join("\n"),
    );
  });

  it.each(shown.map(({ name }) => [name]))("of %s fits its screen and is what --help says", async (name) => {
    const ran = await sluice(["help", name], { screen: { columns: 60 } });
    expect(ran.code).toBe(0);
    const prose = ran.out.split("\n").filter((line) => !/^ {2}sluice |^sluice /.test(line));
    expect(prose.filter((line) => line.length > 60)).toEqual([]);
    expect(ran.out).toContain("Examples");
    expect((await sluice([name, "--help"], { screen: { columns: 60 } })).out).toBe(ran.out);
  });
});

describe("a wrong command line", () => {
  it.each([
    [["aply"], "there is no command aply; did you mean apply?"],
    [["\u001b[31m"], "there is no command \\u001b[31m"],
    [["weight", "a/b"], "weight needs FARM/BACKEND N"],
    [["check", "a", "b"], "check takes FILE, not more"],
    [["check", "--colour", "a"], "Unknown option '--colour'"],
    [["weight", "a/b", "-5"], "Unknown option '-5'"],
  ])("%j ends with 64 and says what is wrong", async (words, sentence) => {
    const ran = await sluice(words);
    expect([ran.code, ran.out]).toEqual([64, ""]);
    expect(ran.err).toContain(sentence);
  });

  it("without words shows what there is, on standard error", async () => {
    const ran = await sluice([]);
    expect([ran.code, ran.out]).toEqual([64, ""]);
    expect(ran.err).toContain("sluice help COMMAND");
  });
});

describe("tables", () => {
  const { link } = createFakeAgent([six, shop]);

  it("of the balancer: facts, then a farm a line, by name", async () => {
    expect((await sluice(["status"], { link })).out.split("\n")).toEqual([
      "balancer  lb (lab), kernel 6.1.0, nft 1.0.6",
      "agent     /run/sluice/agent.sock, revision 1 of epoch 1, the kernel is as saved",
      "traffic   12.3 new/s, 7 active, 1.0 Mbit/s to clients, 9 of 1000 tracked",
      "",
      "FARM    STATE        ADDRESSES    SERVICE     SCHEDULER  SERVING  NEW/S  ACTIVE         OUT",
      "farm-1  critical     192.168.0.1  tcp 80      weighted       1/2    1.3       3  1.0 kbit/s",
      "farm-2  not checked  2001:db8::7  tcp 80,443  weighted       1/1    1.3       3  1.0 kbit/s",
      "",
    ]);
  });

  it("of a farm: a backend a line; what is not known is -, never 0", async () => {
    expect((await sluice(["status", "farm-1"], { link })).out.split("\n")).toEqual([
      "farm-1 192.168.0.1 tcp 80, weighted, dnat, critical, version 1",
      "  Only one backend takes new connections: web-2 is draining",
      "",
      "BACKEND  ADDRESS           STATE   HEALTH   WEIGHT  PLANNED   KERNEL  OBSERVED  NEW/S  ACTIVE  CONNECT",
      "web-1    192.168.101.1:80  active  unknown     100  100.0 %  100.0 %         -      -       3        -",
      "web-2    192.168.101.2:80  drain   unknown      50    0.0 %    0.0 %         -      -       3        -",
      "",
    ]);
  });

  it("fit a narrow screen: columns that can be done without go first", async () => {
    const { out } = await sluice(["status", "farm-1"], { link, screen: { columns: 80 } });
    expect(out.split("\n").slice(3)).toEqual([
      "BACKEND  ADDRESS           STATE   HEALTH   WEIGHT   KERNEL  OBSERVED  NEW/S",
      "web-1    192.168.101.1:80  active  unknown     100  100.0 %         -      -",
      "web-2    192.168.101.2:80  drain   unknown      50    0.0 %         -      -",
      "",
    ]);
    const tiny = await sluice(["status", "farm-1"], { link, screen: { columns: 24 } });
    expect(tiny.out.split("\n").slice(3)).toEqual([
      "BACKE…  ADDRE…  STATE   WEIGHT  KERNEL",
      "web-1   192.1…  active     100  100.0…",
      "web-2   192.1…  drain       50   0.0 %",
      "",
    ]);
  });

  it("have colours only where the screen has them, and then the same words", async () => {
    const plain = (await sluice(["status"], { link })).out;
    const coloured = (await sluice(["status"], { link, screen: { hasColor: true } })).out;
    expect(plain).not.toContain("\u001b");
    expect(coloured).toContain("\u001b[31mcritical\u001b[0m");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
    expect(coloured.replaceAll(/\u001b\[[0-9;]*m/g, "")).toBe(plain);
  });

  it("tell programs the same as JSON", async () => {
    const { farms, status } = JSON.parse((await sluice(["status", "--json"], { link })).out);
    expect(status.host.hostname).toBe("lb");
    expect(farms[1]).toMatchObject({ version: 1, farm: { name: "farm-1" }, live: { word: "critical" } });
    const one = JSON.parse((await sluice(["status", "--json", "farm-1"], { link })).out);
    expect(one).toEqual(farms[1]);
  });
});

describe("sluice top", () => {
  const { link } = createFakeAgent([six, shop]);

  it("writes a table a message, and one only with --once", async () => {
    const ran = await sluice(["top"], { link });
    expect(ran.out.match(/^FARM /gm)?.length).toBe(3);
    expect(ran.out).toContain("03:04:07 UTC  12.3 new/s, 7 active, 1.0 Mbit/s to clients\n");
    const once = await sluice(["top", "--once", "farm-1"], { link });
    expect([once.code, once.out.match(/^BACKEND /gm)?.length]).toEqual([0, 1]);
  });

  it("is redrawn in place on a terminal, within its height", async () => {
    const { out } = await sluice(["top"], { link, screen: { isTty: true, columns: 100, rows: 4 } });
    expect(out.startsWith("\u001b[2J\u001b[H")).toBe(true);
    expect(out.split("\u001b[H").length - 1).toBe(3);
    expect(out).toContain("1-2 of 5, arrows and page keys scroll, s sorts by name, q ends");
  });

  it("is read by keys: it scrolls under its titles, sorts, and ends", async () => {
    const many = Array.from({ length: 20 }, (_, at) => sampleFarm(at + 1, [{}]));
    const { link: busy } = createFakeAgent(many);
    let press = (_key: string) => {};
    let isReleased = false;
    let told = () => {};
    const isTold = new Promise<void>((resolve) => {
      told = resolve;
    });
    const stream: typeof busy.stream = async (onMessage, signal) => {
      await busy.stream((message) => (message.type === "hello" ? onMessage(message) : undefined), signal);
      told();
      return untilAborted(onMessage, signal);
    };
    const running = sluice(["top"], {
      link: { ...busy, stream },
      screen: { isTty: true, columns: 120, rows: 9 },
      keys: (onKey) => {
        press = onKey;
        return () => {
          isReleased = true;
        };
      },
    });
    await isTold;
    for (const key of ["\u001b[B", "x", "\u001b[6~", "\u001b[F", "s", "q"]) press(key);
    const { code, out } = await running;
    expect([code, isReleased]).toEqual([0, true]);
    const pictures = out.split("\u001b[H").slice(1);
    const firsts = pictures.map((text) => [/^FARM /m.test(text), /^(farm-[0-9]+)/m.exec(text)?.[1]]);
    expect(firsts).toEqual([
      [true, "farm-1"],
      [true, "farm-10"],
      [true, "farm-14"],
      [true, "farm-6"],
      [true, "farm-1"],
    ]);
    expect(pictures.map((text) => /([0-9]+-[0-9]+ of [0-9]+)/.exec(text)?.[1])).toEqual([
      "1-4 of 20",
      "2-5 of 20",
      "6-9 of 20",
      "17-20 of 20",
      "1-4 of 20",
    ]);
    expect(pictures.at(-1)).toContain("s sorts by traffic");
  });

  it("ends with 0 when it is interrupted, with 2 when the agent goes", async () => {
    const interrupt = new AbortController();
    const ended = sluice(["top"], { link: { ...link, stream: untilAborted }, interrupted: interrupt.signal });
    interrupt.abort();
    expect(await ended).toMatchObject({ code: 0 });
    expect(await sluice(["top"], { link })).toMatchObject({ code: 2, err: "sluice: The agent closed its stream\n" });
  });

  it("gives programs an object a message", async () => {
    const lines = (await sluice(["top", "--json"], { link })).out.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).farms.length)).toEqual([2, 2, 2]);
  });
});

describe("completion", () => {
  it.each(["bash", "zsh", "fish"])("for %s knows every command and option", async (shell) => {
    const { code, out } = await sluice(["completion", shell]);
    expect(code).toBe(0);
    for (const { name, options } of shown) {
      expect(out).toContain(name);
      for (const option of Object.keys(options)) expect(out).toContain(option);
    }
    expect(out).toContain("sluice names farm");
  });

  it("offers names of farms and backends, and nothing where no agent answers", async () => {
    const { link } = createFakeAgent([shop]);
    expect((await sluice(["names", "backend"], { link })).out).toBe("farm-1/web-1\nfarm-1/web-2\n");
    expect((await sluice(["names", "farm"], { link })).out).toBe("farm-1\n");
    expect(await sluice(["names", "farm"])).toEqual({ code: 0, out: "", err: "" });
  });

  it.each([
    [["sluice", "wei"], ["weight"]],
    [
      ["sluice", "weight", "farm-1/web"],
      ["farm-1/web-1", "farm-1/web-2"],
    ],
    [["sluice", "status", ""], ["farm-1"]],
    [["sluice", "apply", "--dr"], ["--dry-run"]],
    [
      ["sluice", "completion", ""],
      ["bash", "zsh", "fish"],
    ],
  ])("in a real bash completes %j", async (words, expected) => {
    const { out } = await sluice(["completion", "bash"]);
    const names =
      'sluice() { if [ "$2" = farm ]; then echo farm-1; else printf "farm-1/web-1\\nfarm-1/web-2\\n"; fi; }';
    const typed = words.map((word) => `'${word}'`).join(" ");
    const line = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _sluice; printf "%s\\n" "\${COMPREPLY[@]}"`;
    const offered = execFileSync("bash", ["-c", `${names}\n${out}\n${line}`], { encoding: "utf8" });
    expect(offered.trim().split("\n")).toEqual(expected);
  });

  it("for another shell is refused", async () => {
    expect(await sluice(["completion", "toString"])).toMatchObject({ code: 1, out: "" });
  });
});

async function untilAborted(_onMessage: unknown, signal: AbortSignal) {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  return { ok: true, value: null } as const;
}
