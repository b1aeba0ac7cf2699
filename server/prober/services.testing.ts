/** Real services for tests, on loopback, in a temporary folder: started, awaited, ended. A test skips by name what is not installed. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { setTimeout } from "node:timers/promises";

export function hasProgram(name: string): boolean {
  return placeOf(name) !== null;
}

export function placeOf(name: string): string | null {
  const folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  const found = folders.find((folder) => {
    try {
      accessSync(`${folder}/${name}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found === undefined ? null : `${found}/${name}`;
}

export type Services = {
  readonly folder: string;
  write(name: string, text: string): string;
  /** ends with the services */
  start(program: string, args: readonly string[]): ChildProcess;
  end(): Promise<void>;
};

export function openServices(): Services {
  const folder = mkdtempSync(`${tmpdir()}/sluice-services-`);
  const children: ChildProcess[] = [];
  return {
    folder,
    write(name, text) {
      writeFileSync(`${folder}/${name}`, text);
      return `${folder}/${name}`;
    },
    start(program, args) {
      const child = spawn(placeOf(program) ?? program, [...args], { stdio: ["ignore", "pipe", "pipe"], cwd: folder });
      child.stdout?.resume();
      child.stderr?.resume();
      children.push(child);
      return child;
    },
    async end() {
      await Promise.all(
        children.map((child) => {
          const ended = new Promise((resolve) => child.once("exit", resolve));
          if (child.exitCode !== null || child.signalCode !== null) return null;
          child.kill("SIGKILL");
          return ended;
        }),
      );
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ports of 127.0.0.1 that nobody uses right now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<net.Server>((resolve) => {
          const server = net.createServer().listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => portOf(server));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export function portOf(server: net.Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The only sign of readiness that every service gives. */
export async function isListening(port: number): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await canConnect(port)) return;
    await setTimeout(20);
  }
  throw new Error(`nothing listens on ${port}`);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** A self-signed certificate for a name; `days` -1 = it ended yesterday. */
export function makeCertificate(folder: string, name: string, days: number): { key: string; cert: string } {
  const [key, cert, request] = [`${folder}/${name}.key`, `${folder}/${name}.pem`, `${folder}/${name}.csr`];
  const alternative = `${folder}/${name}.ext`;
  writeFileSync(alternative, `subjectAltName=DNS:${name}\n`);
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key];
  execFileSync("openssl", ["req", ...newKey, "-out", request, "-subj", `/CN=${name}`], { stdio: "ignore" });
  const signed = ["-signkey", key, "-days", String(days), "-extfile", alternative, "-out", cert];
  execFileSync("openssl", ["x509", "-req", "-in", request, ...signed], { stdio: "ignore" });
  return { key, cert };
}
