/** Where labs have their sockets: for the lab itself, and for whoever looks for a running one. */

/** The folder of all runs of one user. `/run` is covered inside an ordinary user's lab, so it cannot be used. */
export function runsFolderOf(temporaryFolder: string, uid: number): string {
  const base = /^\/(var\/)?run(\/|$)/.test(temporaryFolder) ? "/tmp" : temporaryFolder.replace(/\/+$/, "");
  return `${base}/sluice-${uid}`;
}

export function labAgentSocket(runsFolder: string, runId: string): string {
  return `${runsFolder}/${runId}/agent/agent.sock`;
}
