/**
 * What a farm asks of the whole host is granted by the host's owner alone: asked before a change reaches the one writer. What was
 * accepted before stays; a journal is replayed without asking.
 */
import type { Operation } from "../core/change/operation.ts";
import { joinPath } from "../core/farm/issues.ts";
import { isWithin, type Network } from "../core/farm/networks.ts";
import type { Farm } from "../core/farm/types.ts";
import { fail, type Issue } from "../core/result.ts";
import type { Applier } from "./applier.ts";

type Placed = { readonly farm: Farm; readonly head: string };

export type Consent = {
  /** net.netfilter.nf_conntrack_tcp_loose as it is now; null = not known */
  readonly tcpLoose: () => number | null;
  /** where farms may answer and traffic may be sent; null = everywhere */
  readonly farmNetworks: readonly Network[] | null;
  readonly backendNetworks: readonly Network[] | null;
};

export function withHostConsent(applier: Applier, consent: Consent): Applier {
  const refusal = (farms: readonly Placed[]) => {
    const isProxied = farms.some(({ farm }) => farm.policy.synProxy) && consent.tcpLoose() !== 0;
    const issues = [
      ...(isProxied ? synProxyIssues(farms) : []),
      ...farms.flatMap((placed) => outside(placed, consent)),
    ];
    const [first] = issues;
    return first === undefined ? null : fail("unsupported", first.message, { issues });
  };
  return {
    ...applier,
    change(request, peerUid) {
      const refused = refusal(farmsOf(request.operations));
      return refused === null ? applier.change(request, peerUid) : answer(request.uuid, refused.error);
    },
    seed(request, peerUid) {
      const refused = refusal(request.farms.map((farm, at) => ({ farm, head: joinPath("farms", at) })));
      return refused === null ? applier.seed(request, peerUid) : answer(request.uuid, refused.error);
    },
    preview(request) {
      const refused = refusal(farmsOf(request.operations));
      return refused === null ? applier.preview(request) : Promise.resolve(refused);
    },
  };
}

const setting = "net.netfilter.nf_conntrack_tcp_loose";

function synProxyIssues(farms: readonly Placed[]): Issue[] {
  const message =
    `A SYN proxy needs ${setting}=0, which changes how this host tracks all its TCP connections. ` +
    `Its owner allows it by "${setting}: 0" under sysctls in /etc/sluice/agent.yaml, or sets it: sysctl -w ${setting}=0`;
  return farms.flatMap(({ farm, head }) =>
    farm.policy.synProxy ? [{ path: joinPath(head, "policy.synProxy"), message }] : [],
  );
}

/** Without these bounds whoever may change farms could take any connection that passes this host, its own SSH included. */
function outside({ farm, head }: Placed, { farmNetworks, backendNetworks }: Consent): Issue[] {
  const { addresses, backends, sorryServer } = farm;
  const sorry = sorryServer === null ? [] : [{ path: "sorryServer.address", address: sorryServer.address }];
  const towards = [...backends.map(({ address }, at) => ({ path: `backends[${at}].address`, address })), ...sorry];
  const check = (networks: readonly Network[] | null, name: keyof Consent, all: typeof towards) =>
    all.flatMap(({ path, address }) => {
      if (networks === null || isWithin(networks, address)) return [];
      const message = `${address} is outside the networks that the host's owner allows (${name} in /etc/sluice/agent.yaml)`;
      return [{ path: joinPath(head, path), message }];
    });
  const own = addresses.map((address, at) => ({ path: `addresses[${at}]`, address }));
  return [...check(farmNetworks, "farmNetworks", own), ...check(backendNetworks, "backendNetworks", towards)];
}

/** Paths as of every other refusal: with one operation they are the farm's own. */
function farmsOf(operations: readonly Operation[]): Placed[] {
  return operations.flatMap((operation, at) =>
    operation.type === "put-farm"
      ? [{ farm: operation.farm, head: operations.length === 1 ? "" : `operations[${at}].farm` }]
      : [],
  );
}

function answer(uuid: string, error: ReturnType<typeof fail>["error"]): ReturnType<Applier["change"]> {
  const { code, text, retry, issues = [] } = error;
  return Promise.resolve({ outcome: "refused", uuid, error: { code, text, retry, issues: [...issues] } });
}
