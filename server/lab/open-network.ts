/** Makes the namespaces of a plan real, and takes them away again. */
import type { NetworkPlan } from "./network.ts";
import { inNamespace, mustRun, runCommand } from "./run-command.ts";

export async function openNetwork(plan: NetworkPlan): Promise<void> {
  await mustRun(["ip", "-batch", "-"], plan.namespaces.map((name) => `netns add ${name}\n`).join(""));
  // before the links: a new device takes its settings from these
  await Promise.all(plan.inside.map(writeSysctls));
  await mustRun(["ip", "-batch", "-"], plan.links.map((line) => `${line}\n`).join(""));
  await Promise.all(
    plan.inside.map(({ namespace, ip }) =>
      mustRun(["ip", "-n", namespace, "-batch", "-"], ip.map((line) => `${line}\n`).join("")),
    ),
  );
}

async function writeSysctls({ namespace, sysctls }: NetworkPlan["inside"][number]): Promise<void> {
  const writes = sysctls.map(([path, value]) => `echo ${value} > /proc/sys/net/${path}`).join(" && ");
  await mustRun(inNamespace(namespace, ["sh", "-c", writes]));
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
