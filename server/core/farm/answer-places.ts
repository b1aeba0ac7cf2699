/**
 * Where answers come from. Forwarding without tracking knows an answer by the address and port it leaves, so such a place may serve no
 * other farm: the other one's answers would be taken for ours. With dsr answers never pass the balancer.
 */
import type { Issue } from "../result.ts";
import { joinPath } from "./issues.ts";
import { portRanges } from "./ports.ts";
import type { Farm, PortRange } from "./types.ts";

/** Paths inside `farm`. Empty unless one of the two forwards without tracking. */
export function answerClashes(farm: Farm, other: Farm): Issue[] {
  const isConcerned = farm.forwarding === "stateless" || other.forwarding === "stateless";
  if (!isConcerned || farm.forwarding === "dsr" || other.forwarding === "dsr") return [];
  if (farm.protocol !== other.protocol && farm.protocol !== "all" && other.protocol !== "all") return [];
  const taken = new Map<string, PortRange[]>();
  for (const { address, port } of other.backends)
    taken.set(address, [...(taken.get(address) ?? []), ...rangesOf(other, port)]);
  return farm.backends.flatMap(({ address, port, name }, at): Issue[] => {
    const theirs = taken.get(address);
    if (theirs === undefined || !rangesOf(farm, port).some((range) => theirs.some((their) => meet(range, their))))
      return [];
    const path = `${joinPath("backends", at)}.address`;
    const whose = farm.forwarding === "stateless" ? farm.name : other.name;
    const message = `${name} serves farm ${other.name} at the same port: forwarding stateless of farm ${whose} could not tell the answers apart`;
    return [{ path, message }];
  });
}

function rangesOf(farm: Farm, port: number | null): PortRange[] {
  if (port !== null) return [{ from: port, to: port }];
  return farm.ports.length === 0 ? [{ from: 0, to: 65_535 }] : portRanges(farm.ports);
}

function meet(a: PortRange, b: PortRange): boolean {
  return a.from <= b.to && b.from <= a.to;
}
