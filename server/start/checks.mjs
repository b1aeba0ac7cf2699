/** What must be true before anything starts. Each check that fails is one sentence with what to do. */
import { existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
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

const rules = `table inet probe {
  map slots { type mark : mark; elements = { 0xd1000000 : 0x51000001 }; }
  map be4 { type mark : ipv4_addr . inet_service; counter; elements = { 0x51000001 : 10.0.0.1 . 80 }; }
  map svc4 { type ipv4_addr . inet_proto . inet_service : verdict; elements = { 10.9.9.9 . tcp . 80 : goto farm }; }
  chain farm { ct mark set numgen inc mod 1 offset 0xd1000000 goto sched; }
  chain sched { ct mark set ct mark map @slots; meta l4proto { tcp, udp } dnat ip addr . port to ct mark map @be4; }
  chain dispatch { type nat hook prerouting priority dstnat - 10; ip daddr . meta l4proto . th dport vmap @svc4; }
  chain refuse { type filter hook prerouting priority dstnat + 1; ct mark 0x51ffffff meta l4proto tcp reject with tcp reset; }
  chain source { type nat hook postrouting priority srcnat; ct mark 0x51000001 masquerade; }
}
`;

/** Tries the kernel in a namespace of its own: nothing of the machine is touched. */
export async function checkKernel(isRoot) {
  const alone = isRoot ? ["unshare", "-n"] : ["unshare", "-Urn"];
  if ((await capture([...alone, "true"])).code !== 0) throw new Problem(noNamespaces(isRoot));
  const nft = await capture([...alone, "nft", "-f", "-"], { input: rules });
  if (nft.code !== 0)
    throw new Problem(`This kernel misses something Sluice's nftables rules need: ${firstLine(nft.output)}.`);
  const veth = await capture([
    ...alone,
    "ip",
    "link",
    "add",
    "name",
    "sluice0",
    "type",
    "veth",
    "peer",
    "name",
    "sluice1",
  ]);
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
