/**
 * Who runs as whom. As root each process has a user of its own; in an ordinary user's lab there is one user only and a process is
 * bound by its capabilities. Nobody but the agent has any, and the agent has CAP_NET_ADMIN only.
 */

export type Role = "agent" | "prober" | "web" | "other";
export type Uids = Readonly<Record<Role, number>>;

export function uidsFrom(first: number): Uids {
  return { agent: first, prober: first + 1, web: first + 2, other: first + 3 };
}

/** The start of a command line that gives a process exactly its rights; dies with its parent, however that dies. */
export function rightsArgv(role: Role, uids: Uids | null): string[] {
  const capabilities = role === "agent" ? "-all,+net_admin" : "-all";
  const user = uids === null ? [] : userArgv(role, uids);
  return [
    "setpriv",
    ...user,
    `--inh-caps=${capabilities}`,
    `--ambient-caps=${capabilities}`,
    `--bounding-set=${capabilities}`,
    "--no-new-privs",
    "--pdeathsig=KILL",
  ];
}

/** The prober is in the agent's group too: the prober socket is 0660 and belongs to the agent. */
function userArgv(role: Role, uids: Uids): string[] {
  const id = String(uids[role]);
  const groups = role === "prober" ? [`--groups=${uids.agent}`] : ["--clear-groups"];
  return [`--reuid=${id}`, `--regid=${id}`, ...groups];
}
