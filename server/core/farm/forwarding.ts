/**
 * What each way of forwarding can carry. snat, dnat and stateless rewrite addresses, the first two by connection tracking; dsr rewrites
 * none. What cannot work is refused here with its reason, before anything reaches the kernel.
 */
import type { Issue } from "../result.ts";
import { familyOf } from "./address.ts";
import { isHashing } from "./hash-slots.ts";
import { joinPath } from "./issues.ts";
import { marksPackets, turnsAway } from "./policy.ts";
import type { Farm } from "./types.ts";

/** Connections are the kernel's: they can be counted, kept on drain and cut. */
export function isTracked({ forwarding }: Pick<Farm, "forwarding">): boolean {
  return forwarding === "dnat" || forwarding === "snat";
}

/** What becomes of connections that are open when backends, weights or the farm change: a clause, in small letters. */
export function openConnectionsText({ forwarding, protocol }: Pick<Farm, "forwarding" | "protocol">): string {
  if (forwarding !== "stateless") return "open connections stay";
  return protocol === "udp"
    ? "every datagram goes by the new shares"
    : "open connections break where their client moves, because none is remembered";
}

/** Combinations of forwarding, protocol, ports and addresses that cannot work, each with its reason. */
export function forwardingIssues(farm: Farm): Issue[] {
  return [
    ...protocolIssues(farm),
    ...sourceIssues(farm),
    ...(isTracked(farm) ? [] : trackingIssues(farm)),
    ...(farm.forwarding === "stateless" ? statelessIssues(farm) : []),
    ...(farm.forwarding === "dsr" ? dsrIssues(farm) : []),
  ];
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

/** What only connection tracking can do; what else is remembered of clients is refused in persistence.ts. */
function trackingIssues({ policy, forwarding, onDown, drainDeadlineS, scheduler }: Farm): Issue[] {
  const asked: readonly (readonly [boolean, string, string])[] = [
    [scheduler === "least-connections", "scheduler", "Counting open connections"],
    [onDown === "cut", "onDown", "Cutting connections"],
    [drainDeadlineS !== null, "drainDeadlineS", "A deadline of drains"],
    [turnsAway(policy) || marksPackets(policy) || policy.synProxy, "policy", "A policy"],
  ];
  return asked.flatMap(([isAsked, path, what]) =>
    isAsked ? [{ path, message: `${what} needs tracked connections, and forwarding ${forwarding} tracks none` }] : [],
  );
}

/** The backend gets the packet as the client sent it, so nothing in it may have to be changed. */
function dsrIssues(farm: Farm): Issue[] {
  const issues: Issue[] = [];
  if (farm.protocol !== "tcp" && farm.protocol !== "udp")
    issues.push({ path: "protocol", message: "Forwarding dsr tells flows apart by their ports: it takes tcp or udp" });
  for (const [at, { port, name }] of farm.backends.entries())
    if (port !== null && !(farm.ports.length === 1 && farm.ports[0] === port))
      issues.push({
        path: `${joinPath("backends", at)}.port`,
        message: `Forwarding dsr changes no port: ${name} must answer at the client's, leave its port empty`,
      });
  return issues;
}

function statelessIssues(farm: Farm): Issue[] {
  const { protocol, scheduler, ports, addresses } = farm;
  const issues: Issue[] = [];
  if (protocol !== "tcp" && protocol !== "udp")
    issues.push({ path: "protocol", message: "Forwarding stateless knows an answer by its port: it takes tcp or udp" });
  if (protocol === "tcp" && !isHashing(scheduler))
    issues.push({
      path: "scheduler",
      message: `Forwarding stateless schedules each packet by itself: ${scheduler} would scatter one TCP connection over all backends, a hash keeps it together`,
    });
  if (ports.length === 0)
    issues.push({ path: "ports", message: "Forwarding stateless knows an answer by its port: name the ports" });
  for (const [at, address] of addresses.entries())
    if (addresses.slice(0, at).some((other) => familyOf(other) === familyOf(address)))
      issues.push({
        path: joinPath("addresses", at),
        message: `An answer does not say which address was asked: forwarding stateless takes one IPv${familyOf(address)} address`,
      });
  return [...issues, ...answerIssues(farm)];
}

/** An answer is known by the address and port it comes from. */
function answerIssues(farm: Farm): Issue[] {
  const hasOnePort = farm.ports.length === 1 && typeof farm.ports[0] === "number";
  return farm.backends.flatMap(({ address, port }, at): Issue[] => {
    const path = joinPath("backends", at);
    if (port !== null && !hasOnePort)
      return [
        {
          path: `${path}.port`,
          message: "An answer does not say which port was asked: with several ports each backend keeps the client's",
        },
      ];
    if (farm.backends.slice(0, at).some((other) => other.address === address))
      return [{ path: `${path}.address`, message: `Forwarding stateless takes a backend's address once: ${address}` }];
    return [];
  });
}

const needsSnat = "A source address needs forwarding snat";
