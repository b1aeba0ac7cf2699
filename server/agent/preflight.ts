/**
 * What on this host is in the way of the farms, in words, each with the exact command that would change it. Pure: foreign rules and the
 * host's settings come as values. Nothing is ever changed here.
 */
import type { Farm } from "../core/farm/types.ts";
import type { ForeignChain, ForeignRule, ForeignRules } from "./foreign-rules.ts";
import { acceptsTranslated, endsClosed, mappingFirst, setsMark } from "./foreign-verdicts.ts";
import { tooOld } from "./versions.ts";
import { type HostFacts, rpFilterStrict } from "./vips.ts";

export type Finding = {
  /** the same trouble keeps its id */
  readonly id: string;
  /** problem: traffic is lost; warning: it may be */
  readonly level: "problem" | "warning";
  readonly text: string;
  /** what would put it right; null = there is no single command */
  readonly command: string | null;
  /** farms it concerns; null = the whole balancer */
  readonly farmIds: readonly string[] | null;
};

export type PreflightInput = {
  readonly foreign: ForeignRules | null;
  readonly facts: HostFacts;
  readonly farms: readonly Farm[];
  readonly kernel: string;
  readonly nft: string;
};

const conntrackMaxLow = 65_536;
const conntrackMaxGood = 262_144;
/** our nat chain: a chain of others at or before it translates first */
const ourNatPriority = -110;
const chainsMax = 20;

/** Worst first. Farms that are switched off are in nobody's way. */
export function findings(input: PreflightInput): Finding[] {
  const farms = input.farms.filter((farm) => farm.enabled);
  const all = [
    ...forwarding(input.facts, farms),
    ...foreignFindings(input.foreign, farms),
    ...tracking(input.facts),
    ...reversePath(input.facts, farms),
    ...tooOld(input.kernel, input.nft, farms),
  ];
  return [...all.filter(({ level }) => level === "problem"), ...all.filter(({ level }) => level === "warning")];
}

function foreignFindings(foreign: ForeignRules | null, farms: readonly Farm[]): Finding[] {
  if (foreign === null) return [];
  const { chains } = foreign;
  return [
    ...chains.flatMap((chain) => droppingForward(chain, chains, farms)).slice(0, chainsMax),
    ...chains.flatMap((chain) => translatingFirst(chain, chains, farms)).slice(0, chainsMax),
    ...chains.flatMap(marking).slice(0, chainsMax),
    ...foreign.unread.map((what) => unreadFinding(what)),
  ];
}

/** A chain whose policy is drop is final whatever we accept. */
function droppingForward(chain: ForeignChain, all: readonly ForeignChain[], farms: readonly Farm[]): Finding[] {
  if (chain.type !== "filter" || chain.hook !== "forward") return [];
  const closed = endsClosed(chain, all);
  if (closed === null || acceptsTranslated(chain, all)) return [];
  const concerned = farms.filter((farm) => farm.forwarding !== "dsr" && isOfFamily(farm, chain.family));
  const { family, table } = chain;
  const isDocker = all.some((each) => each.table === table && each.chain === "DOCKER-USER");
  return [
    {
      id: `forward ${family} ${table} ${chain.chain}`,
      level: "problem",
      text:
        `Chain ${chain.chain} of table ${family} ${table} drops what it does not accept (${closed}), ` +
        "connections to backends among it",
      command: isDocker
        ? "iptables -I DOCKER-USER -m conntrack --ctstate DNAT -j ACCEPT"
        : `nft insert rule ${family} ${table} ${chain.chain} ct status dnat accept`,
      farmIds: idsOf(concerned),
    },
  ];
}

function translatingFirst(base: ForeignChain, all: readonly ForeignChain[], farms: readonly Farm[]): Finding[] {
  if (base.type !== "nat" || base.hook !== "prerouting" || base.priority > ourNatPriority) return [];
  const byRule = new Map<ForeignRule, { readonly chain: ForeignChain; readonly farms: Farm[] }>();
  for (const farm of farms.filter((each) => isOfFamily(each, base.family)))
    for (const { chain, rule } of mappingFirst(base, all, farm)) {
      const known = byRule.get(rule);
      if (known === undefined) byRule.set(rule, { chain, farms: [farm] });
      else known.farms.push(farm);
    }
  return Array.from(byRule, ([rule, { chain, farms: concerned }]): Finding => {
    const vips = concerned.slice(0, 3).flatMap(({ addresses }) => addresses.slice(0, 1));
    return {
      id: `nat ${ruleName(chain, rule)}`,
      level: "problem",
      text:
        `A rule in chain ${chain.chain} of table ${chain.family} ${chain.table} (priority ${base.priority}) translates ` +
        `connections before Sluice does, those to ${vips.join(", ")} among them`,
      command: deleteCommand(chain, rule),
      farmIds: idsOf(concerned),
    };
  });
}

function marking(chain: ForeignChain): Finding[] {
  return chain.rules.filter(setsMark).map((rule) => ({
    id: `mark ${ruleName(chain, rule)}`,
    level: "warning",
    text:
      `A rule in chain ${chain.chain} of table ${chain.family} ${chain.table} sets connection marks; ` +
      "on connections of a farm it overwrites the backend that Sluice noted there",
    command: deleteCommand(chain, rule),
    farmIds: null,
  }));
}

function unreadFinding(what: string): Finding {
  return {
    id: `unread ${what}`,
    level: "warning",
    text: `The rules of others could not be looked through: ${what}`,
    command: null,
    farmIds: null,
  };
}

function forwarding(facts: HostFacts, farms: readonly Farm[]): Finding[] {
  const of = (family: 4 | 6, isOn: boolean | null, key: string): Finding[] => {
    const concerned = farms.filter((farm) => farm.forwarding !== "dsr" && hasFamily(farm, family));
    if (isOn !== false || concerned.length === 0) return [];
    return [
      {
        id: `forward ${family}`,
        level: "problem",
        text: `IPv${family} forwarding is off, so nothing reaches the backends`,
        command: `sysctl -w ${key}=1`,
        farmIds: idsOf(concerned),
      },
    ];
  };
  return [...of(4, facts.forward4, "net.ipv4.ip_forward"), ...of(6, facts.forward6, "net.ipv6.conf.all.forwarding")];
}

function tracking({ conntrackMax }: HostFacts): Finding[] {
  if (conntrackMax === null || conntrackMax >= conntrackMaxLow) return [];
  return [
    {
      id: "conntrack size",
      level: "warning",
      text: `Connection tracking holds at most ${conntrackMax} connections; when it is full, new ones are dropped`,
      command: `sysctl -w net.netfilter.nf_conntrack_max=${conntrackMaxGood}`,
      farmIds: null,
    },
  ];
}

/** With one interface packets leave where they came in. */
function reversePath(facts: HostFacts, farms: readonly Farm[]): Finding[] {
  const { strictInterfaces, interfaceCount } = facts;
  const concerned = farms.filter((farm) => hasFamily(farm, 4));
  if (facts.rpFilter !== rpFilterStrict || interfaceCount < 2 || concerned.length === 0) return [];
  return [
    {
      id: "rp_filter",
      level: "warning",
      text:
        `Strict reverse-path filtering (rp_filter = 1) on ${strictInterfaces.join(", ")} drops packets that come in by ` +
        "another interface than their answers leave by",
      command: strictInterfaces.map((name) => `sysctl -w net.ipv4.conf.${name}.rp_filter=2`).join("; "),
      farmIds: null,
    },
  ];
}

function ruleName({ family, table, chain }: ForeignChain, { handle }: ForeignRule): string {
  return `${family} ${table} ${chain} ${handle}`;
}

function deleteCommand({ family, table, chain }: ForeignChain, { handle }: ForeignRule): string {
  return `nft delete rule ${family} ${table} ${chain} handle ${handle}`;
}

function isOfFamily(farm: Farm, family: string): boolean {
  return (family !== "ip6" && hasFamily(farm, 4)) || (family !== "ip" && hasFamily(farm, 6));
}

function hasFamily(farm: Farm, family: 4 | 6): boolean {
  return farm.addresses.some((address) => address.includes(":") === (family === 6));
}

function idsOf(farms: readonly Farm[]): string[] {
  return farms.map(({ id }) => id);
}
