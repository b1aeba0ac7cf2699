/** Checks against the programs they are for, as Debian has them. */
import { createRequire } from "node:module";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./attempt.ts";
import { createAuthorities } from "./checks/tls.ts";
import { readNodeExporter } from "./load/node-exporter.ts";
import { readSnmp } from "./load/snmp.ts";
import { runCheck } from "./run-check.testing.ts";
import { freePorts, hasProgram, isListening, makeCertificate, openServices, portOf } from "./services.testing.ts";

const services = openServices();
afterAll(() => services.end());

function hasPackage(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

const words = ({ error, text, degraded }: Answer) => ({ error, text, degraded });
const good = (text: string) => ({ error: null, text, degraded: false });

describe.skipIf(!hasProgram("nginx") || !hasProgram("openssl"))("nginx (skipped without nginx and openssl)", () => {
  let [plain, secure] = [0, 0];
  let pem = "";
  beforeAll(async () => {
    [plain = 0, secure = 0] = await freePorts(2);
    const { key, cert } = makeCertificate(services.folder, "shop.example", 30);
    pem = cert;
    const file = services.write("nginx.conf", nginxConf(services.folder, plain, secure, key, cert));
    services.start("nginx", ["-p", services.folder, "-c", file, "-e", "stderr"]);
    await isListening(plain);
  });

  test("status, text and redirect are judged as the check says", async () => {
    const get = async (asked: object) => words(await runCheck({ type: "http", ...asked }, plain));
    expect(await get({ path: "/health", text: "all is well" })).toEqual(good("status 200"));
    expect(await get({ path: "/health", text: "all is lost" })).toMatchObject({
      error: "unhealthy",
      text: "status 200, the text is not in the answer",
    });
    expect(await get({ path: "/broken" })).toMatchObject({ error: "unhealthy", text: "status 503" });
    expect(await get({ path: "/broken", statuses: ["500-599"] })).toEqual(good("status 503"));
    expect(await get({ path: "/moved", statuses: ["200"] })).toMatchObject({ error: "unhealthy", text: "status 302" });
    expect(await get({ path: "/health", method: "HEAD", statuses: ["200"] })).toEqual(good("status 200"));
    expect(await get({ path: "/named", host: "shop.example", headers: [{ name: "X-Key", value: "7" }] })).toEqual(
      good("status 200"),
    );
    expect(await get({ path: "/named" })).toMatchObject({ error: "unhealthy", text: "status 403" });
  });

  test("a body of many megabytes is read as far as the check says", async () => {
    const asked = { type: "http", path: "/large", text: "the end" } as const;
    expect(words(await runCheck({ ...asked, bodyBytesMax: 100_000 }, plain))).toMatchObject({
      error: "unhealthy",
      text: "status 200, the text is not in its first 100000 bytes",
    });
  });

  test("over TLS the days to the certificate's end are told, and a name or authority that is wrong fails it", async () => {
    const https = (asked: object, file: string | null = null) =>
      runCheck({ type: "https", path: "/health", ...asked }, secure, { authorities: createAuthorities(file) });
    expect(await https({ text: "all is well" })).toMatchObject({ ...good("status 200"), certificateDays: 29 });
    expect(await https({ warnDays: 60 })).toMatchObject({
      error: null,
      degraded: true,
      text: "status 200, certificate ends in 29 days",
    });
    const verified = { verify: true, serverName: "shop.example" };
    expect(words(await https(verified, pem))).toEqual(good("status 200"));
    expect(await https({ ...verified, serverName: "other.example" }, pem)).toMatchObject({
      error: "tls",
      text: "the certificate is for another name",
    });
    expect(await https(verified)).toMatchObject({ error: "tls", text: "the certificate is self-signed" });
    expect(words(await runCheck({ type: "tls" }, secure))).toEqual(good(""));
    expect(words(await runCheck({ type: "tls" }, plain))).toMatchObject({ error: "tls" });
    expect(words(await runCheck({ type: "http" }, secure))).toMatchObject({ error: "unhealthy", text: "status 400" });
  });
});

describe.skipIf(!hasProgram("openssl"))("openssl s_server (skipped without openssl)", () => {
  test("an expired certificate fails a check that verifies, and is a warning of one that does not", async () => {
    const [port = 0] = await freePorts(1);
    const { key, cert } = makeCertificate(services.folder, "old.example", -1);
    services.start("openssl", ["s_server", "-accept", `127.0.0.1:${port}`, "-key", key, "-cert", cert, "-quiet"]);
    await isListening(port);
    const authorities = createAuthorities(cert);
    const asked = { type: "tls", serverName: "old.example" } as const;
    expect(await runCheck({ ...asked, verify: true }, port, { authorities })).toMatchObject({
      error: "tls",
      text: "certificate expired 1 day ago",
      certificateDays: -2,
    });
    expect(await runCheck(asked, port)).toMatchObject({
      error: null,
      degraded: true,
      text: "certificate expired 1 day ago",
    });
  });
});

describe.skipIf(!hasProgram("haproxy"))("HAProxy (skipped without it)", () => {
  const lines = [
    ...["up", "75%", "up 30%", "up 0%", "ready up 50%", "up,maxconn:5", "UP later 20", "50% 30%", "down up"],
    ...["drain", "drain up", "maint", "down", "Stopped # by hand", "fail #disk", "down 30%"],
  ];

  test("takes the same meaning from an agent's words as we do", async () => {
    const agents = lines.map((line) =>
      net.createServer((socket) => {
        socket.on("error", () => undefined);
        socket.end(`${line}\n`);
      }),
    );
    await Promise.all(agents.map((agent) => new Promise<void>((done) => agent.listen(0, "127.0.0.1", done))));
    const socket = `${services.folder}/haproxy.sock`;
    const [front = 0] = await freePorts(1);
    const conf = services.write("haproxy.cfg", haproxyConf(socket, front, agents.map(portOf)));
    services.start("haproxy", ["-f", conf, "-db"]);
    await isListening(front);
    const ours = await Promise.all(
      agents.map((agent) => runCheck({ type: "agent", port: portOf(agent) }, portOf(agent))),
    );
    await expect.poll(() => haproxyStates(socket), { timeout: 10_000 }).toEqual(ours.map(asHaproxySays));
    for (const agent of agents) agent.close();
  });
});

/** Status and weight as HAProxy shows them for what we read. */
function asHaproxySays({ error, wish, weightPct }: Answer): string {
  const state = error === null ? { drain: "DRAIN", maintenance: "MAINT", ready: "UP" }[wish ?? "ready"] : "DOWN";
  return `${state} ${weightPct ?? 100}`;
}

function haproxyStates(path: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let csv = "";
    const socket = net.connect(path, () => socket.write("show stat\n"));
    socket.on("error", reject);
    socket.on("data", (piece) => {
      csv += String(piece);
    });
    socket.on("end", () => {
      const rows = csv.split("\n").map((line) => line.split(","));
      const servers = rows.filter(([, name]) => name?.startsWith("agent-"));
      // up, as nothing but the agent is asked
      const state = (text = "") => (text === "no check" ? "UP" : text.split(" ")[0]);
      resolve(servers.map((row) => `${state(row[17])} ${row[18]}`));
    });
  });
}

function haproxyConf(socket: string, front: number, ports: readonly number[]): string {
  const servers = ports.map(
    (port, at) => `  server agent-${at} 127.0.0.1:9 weight 100 agent-check agent-port ${port} agent-inter 100ms`,
  );
  return `global
  stats socket ${socket} level admin
defaults
  mode tcp
  timeout connect 1s
  timeout client 1s
  timeout server 1s
listen all
  bind 127.0.0.1:${front}
${servers.join("\n")}
`;
}

describe.skipIf(!hasProgram("dnsmasq"))("dnsmasq (skipped without dnsmasq)", () => {
  test("records are good, none is degraded, an error code is down, and a closed port is refused", async () => {
    const [port = 0, closed = 0] = await freePorts(2);
    const own = ["--no-resolv", "--no-hosts", "--bind-interfaces", "--listen-address=127.0.0.1", "--no-daemon"];
    const records = ["--host-record=shop.example,192.0.2.7", "--local=/example/"];
    services.start("dnsmasq", [...own, ...records, `--port=${port}`, "--conf-file=/dev/null", "--user=root"]);
    await isListening(port);
    const dns = async (name: string, recordType: string) =>
      words(await runCheck({ type: "dns", name, recordType }, port));
    expect(await dns("shop.example", "A")).toEqual(good("records: 1"));
    expect(await dns("shop.example.", "AAAA")).toEqual({
      error: null,
      degraded: true,
      text: "answers without records",
    });
    expect(await dns("nobody.example", "A")).toMatchObject({ error: "unhealthy", text: "answers NXDOMAIN" });
    expect(await dns("elsewhere.org", "A")).toMatchObject({ error: "unhealthy", text: "answers REFUSED" });
    expect(words(await runCheck({ type: "dns" }, closed))).toMatchObject({ error: "refused" });
  });
});

describe.skipIf(!hasProgram("prometheus-node-exporter"))("node_exporter (skipped without it)", () => {
  test("the second reading tells how busy the CPUs were", async () => {
    const [port = 0] = await freePorts(1);
    const only = ["--collector.disable-defaults", "--collector.cpu"];
    services.start("prometheus-node-exporter", [...only, `--web.listen-address=127.0.0.1:${port}`]);
    await isListening(port);
    const [target, readings] = [{}, new WeakMap()];
    const source = { type: "node-exporter", port, path: "/metrics" } as const;
    const read = () =>
      new Promise<Answer>((done) =>
        readNodeExporter({ source, target, readings }, { address: "127.0.0.1", port, timeoutMs: 2000 }, done),
      );
    expect(words(await read())).toEqual(good("first reading"));
    // the kernel counts in hundredths of a second
    await expect.poll(async () => (await read()).loadPct, { timeout: 5000 }).toBeGreaterThanOrEqual(0);
  });
});

describe.skipIf(!hasProgram("snmpd"))("snmpd (skipped without it)", () => {
  test("its answer is read, in its first minute without a load; another community is silence", async () => {
    const [port = 0] = await freePorts(1);
    const conf = services.write("snmpd.conf", "rocommunity public 127.0.0.1\n");
    services.start("snmpd", ["-f", "-C", "-c", conf, "-Lo", `127.0.0.1:${port}`]);
    const read = (community: string, timeoutMs = 500) =>
      new Promise<Answer>((done) =>
        readSnmp({ type: "snmp", port, community }, { address: "127.0.0.1", port, timeoutMs }, done),
      );
    const answer = expect.stringMatching(/^(CPU [0-9]+ %|it does not tell the load of its CPUs \(hrProcessorLoad\))$/);
    await expect.poll(async () => (await read("public")).text, { timeout: 10_000 }).toEqual(answer);
    expect(words(await read("private", 100))).toMatchObject({ error: "timeout", text: "no answer within 100 ms" });
  });
});

describe.skipIf(!hasPackage("grpc-health-check"))("gRPC's health service (skipped without grpc-health-check)", () => {
  test("its words are up and down", async () => {
    const [port = 0] = await freePorts(1);
    const script = fileURLToPath(new URL("grpc-health.testing.mjs", import.meta.url));
    services.start(process.execPath, [script, String(port)]);
    await isListening(port);
    const grpc = async (service: string) => words(await runCheck({ type: "grpc", service }, port));
    expect(await grpc("")).toEqual(good("SERVING"));
    expect(await grpc("shop")).toMatchObject({ error: "unhealthy", text: "NOT_SERVING" });
    expect(await grpc("nobody")).toMatchObject({ error: "unhealthy", text: "the service is not known there" });
  });
});

function nginxConf(folder: string, plain: number, secure: number, key: string, cert: string): string {
  return `
daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr crit;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${plain}; listen 127.0.0.1:${secure} ssl;
    ssl_certificate ${cert}; ssl_certificate_key ${key};
    location = /health { return 200 "all is well"; }
    location = /broken { return 503 "broken"; }
    location = /moved { return 302 /health; }
    location = /named { if ($http_host != "shop.example") { return 403; } if ($http_x_key != "7") { return 403; } return 200; }
    location = /large { return 200 "${"x".repeat(4000)}"; sub_filter x "${"y".repeat(1000)}"; sub_filter_once off; sub_filter_types *; }
  }
}
`;
}
