/** What must be true before anything starts. Each check that fails is one sentence with what to do. */
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { inCheckout } from "./checkout.mjs";
import { capture, Problem } from "./steps.mjs";

const megabyte = 1_000_000;

export async function checkPort(host, port) {
  if (port === 0) return;
  const error = await new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
  if (error === null) return;
  if (error.code === "EADDRINUSE")
    throw new Problem(`Port ${port} on ${host} is taken by another program; choose one with --port.`);
  if (error.code === "EACCES")
    throw new Problem(`This user may not open port ${port}; choose one above 1023 with --port.`);
  throw new Problem(
    `Cannot listen on ${host} port ${port}: ${error.code}; choose an address of this machine with --listen.`,
  );
}

/** A port nobody uses right now. */
export function freePort(host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export function checkDisk(folder, neededMb, what) {
  let place = folder;
  while (!existsSync(place)) place = dirname(place);
  const { bavail, bsize } = statfsSync(place);
  const freeMb = Math.floor((bavail * bsize) / megabyte);
  if (freeMb >= neededMb) return;
  throw new Problem(
    `The disk of ${place} has ${freeMb} MB free and ${what} needs ${neededMb} MB; free some space and start again.`,
  );
}

/** Tries the kernel in a namespace of its own: nothing of the machine is touched. */
export async function checkKernel(isRoot) {
  const alone = isRoot ? ["unshare", "-n"] : ["unshare", "-Urn"];
  if ((await capture([...alone, "true"])).code !== 0) throw new Problem(noNamespaces(isRoot));
  const nft = await capture([...alone, "nft", "-f", "-"], {
    input: readFileSync(inCheckout("server/start/kernel-probe.nft"), "utf8"),
  });
  if (nft.code !== 0)
    throw new Problem(`This kernel misses something Sluice's nftables rules need: ${firstLine(nft.output)}.`);
  const tracked = await capture([...alone, "conntrack", "-L", "-m", "0x51000000/0xff000000"]);
  if (tracked.code !== 0)
    throw new Problem(
      `This kernel cannot list the connections it tracks, which live values need (nf_conntrack_netlink): ${firstLine(tracked.output)}.`,
    );
  const veth = await capture([...alone, ..."ip link add name sluice0 type veth peer name sluice1".split(" ")]);
  if (veth.code !== 0)
    throw new Problem(
      `This kernel has no veth devices, which the lab needs to connect its namespaces: ${firstLine(veth.output)}.`,
    );
}

function noNamespaces(isRoot) {
  return isRoot
    ? "This kernel (or container) does not allow network namespaces, which the lab needs: CONFIG_NET_NS, CAP_SYS_ADMIN."
    : "This machine does not let ordinary users make user namespaces, which the lab needs; allow them (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns) or start as root.";
}

function firstLine(text) {
  const line = text.split("\n").find((one) => one.trim() !== "") ?? "no reason given";
  return line.replace(/^\/dev\/stdin:[0-9:-]+ *(Error: )?/, "").replace(/[.\s]+$/, "");
}
