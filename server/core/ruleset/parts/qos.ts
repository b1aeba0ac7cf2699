/**
 * Marks for queues: the DSCP field and the class of tc, in both directions of the connections that a backend or the sorry server was given. At the end of
 * a packet's way, because forwarding sets the class anew from the packet's type of service.
 */
import { idMark, markText } from "../../allocation/marks.ts";
import { marksPackets } from "../../farm/policy.ts";
import { dscpPoint } from "../../farm/qos.ts";
import type { Family, Farm } from "../../farm/types.ts";
import { signed } from "../signature.ts";
import { farmChain, nothingOwn, type OwnOutput, type PartInput } from "./part.ts";

export function qosPart({ tag, farm, own, families, targets }: PartInput): OwnOutput {
  if (!marksPackets(farm.policy)) return nothingOwn;
  const chain = (family: Family) => farmChain(own.number, family, "qos");
  const marked = targets.map(({ id, eff }) => [markText(idMark(tag, id)), `goto ${chain(eff.family)}`] as const);
  return {
    features: ["qos"],
    objects: new Map(),
    chains: new Map(families.map((family) => [chain(family), qosRules(farm, family).map(signed)])),
    elements: [["qos", new Map(marked)]],
  };
}

function qosRules({ policy: { dscp, priority } }: Farm, family: Family): string[] {
  return [
    ...(dscp === null ? [] : [`${family === 4 ? "ip" : "ip6"} dscp set ${dscpPoint(dscp)}`]),
    ...(priority === null ? [] : [`meta priority set ${priority}`]),
  ];
}
