/** Makes the namespaces of a plan real, and takes them away again. */
import type { NetworkPlan } from "./network.ts";
import { inNamespace, mustRun, runCommand } from "./run-command.ts";

export async function openNetwork(plan: NetworkPlan): Promise<void> {
  await mustRun(["ip", "-batch", "-"], plan.namespaces.map((name) => `netns add ${name}\n`).join(""));
  await mustRun(["ip", "-batch", "-"], plan.links.map((line) => `${line}\n`).join(""));
  for (const { namespace, ip, sysctls } of plan.inside) {
    await mustRun(["ip", "-n", namespace, "-batch", "-"], ip.map((line) => `${line}\n`).join(""));
    const writes = sysctls.map(([path, value]) => `echo ${value} > /proc/sys/net/${path}`).join(" && ");
    await mustRun(inNamespace(namespace, ["sh", "-c", writes]));
  }
}

/** Namespaces of a run go away with everything in them: links, addresses, routes, nft tables, conntrack. */
export async function closeNamespaces(runId: string): Promise<void> {
  for (const name of await namespacesOf(runId)) await runCommand(["ip", "netns", "delete", name]);
}

export async function namespacesOf(runId: string): Promise<string[]> {
  const listed = await runCommand(["ip", "netns", "list"]);
  return listed.stdout
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((name) => name.startsWith(`sl-${runId}-`));
}
