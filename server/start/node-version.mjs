/**
 * The first thing every command does. Imports nothing, so that it can say its sentence on a Node too old for the rest: the rest is
 * imported only afterwards.
 */

const nodeMin = [20, 19];

/** The sentence for a Node that is too old, else null. */
export function nodeProblem(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1])) return null;
  return `Sluice needs Node ${nodeMin.join(".")} or newer; this is Node ${version}.`;
}

export async function withNode(work) {
  const problem = nodeProblem(process.versions.node);
  if (problem === null) return work();
  process.stderr.write(`\n${problem}\n`);
  process.exitCode = 1;
}
