/**
 * What each way of forwarding can carry. snat, dnat and stateless rewrite addresses, the first two by connection tracking; dsr rewrites
 * none. What cannot work is refused here with its reason, before anything reaches the kernel.
 */
import type { Issue } from "../result.ts";
import { familyOf } from "./address.ts";
import { joinPath } from "./issues.ts";
import type { Farm } from "./types.ts";

/** Connections are the kernel's: they can be counted, kept on drain and cut. */
export function isTracked({ forwarding }: Pick<Farm, "forwarding">): boolean {
  return forwarding === "dnat" || forwarding === "snat";
}

/** Combinations of forwarding, protocol, ports and addresses that cannot work, each with its reason. */
export function forwardingIssues(farm: Farm): Issue[] {
  return [...protocolIssues(farm), ...sourceIssues(farm)];
}

function protocolIssues({ protocol, ports }: Farm): Issue[] {
  if (protocol !== "all" || ports.length === 0) return [];
  const message = "A farm of all protocols has every port, because not every protocol has ports: leave the list empty";
  return [{ path: "ports", message }];
}

function sourceIssues(farm: Farm): Issue[] {
  const issues: Issue[] = [];
  const { snatAddress, forwarding } = farm;
  if (snatAddress !== null) {
    const family = familyOf(snatAddress);
    if (forwarding !== "snat") issues.push({ path: "snatAddress", message: needsSnat });
    else if (!farm.addresses.some((vip) => familyOf(vip) === family))
      issues.push({
        path: "snatAddress",
        message: `${snatAddress} is of IPv${family}, which no address of the farm is`,
      });
  }
  for (const [at, backend] of farm.backends.entries()) {
    if (backend.snatAddress === null) continue;
    const path = `${joinPath("backends", at)}.snatAddress`;
    const family = familyOf(backend.address);
    if (forwarding !== "snat") issues.push({ path, message: needsSnat });
    else if (familyOf(backend.snatAddress) !== family)
      issues.push({ path, message: `${backend.name} is an IPv${family} backend, its source address must be too` });
  }
  return issues;
}

const needsSnat = "A source address needs forwarding snat";
