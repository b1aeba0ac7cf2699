/**
 * `/etc/sluice/agent.yaml`: what the host's owner allows and bounds. Everything in it is optional; a field that is not known is refused, for
 * a bound with a typing error in its name would bound nothing. Parsing is pure; who may have written the file is asked where it is read.
 */
import { parseDocument } from "yaml";
import * as z from "zod/mini";
import { tagMax, tagMin } from "../core/allocation/marks.ts";
import { type Network, networksSchema, parseNetwork } from "../core/farm/networks.ts";

export type AgentConfig = {
  /** callers allowed besides root, the agent's own uid, and those that the launcher names */
  readonly callers: readonly number[];
  /** backends outside are never asked how they are; null = every network may be checked */
  readonly checkNetworks: readonly Network[] | null;
  /** addresses that farms may have, and backends; null = everywhere */
  readonly farmNetworks: readonly Network[] | null;
  readonly backendNetworks: readonly Network[] | null;
  /** settings of the host that the agent may write, and to what */
  readonly sysctls: Readonly<Record<string, number>>;
  readonly urgentPerS: number | null;
  readonly structuralPerS: number | null;
  readonly seriesBytes: number | null;
  /** highest byte of our connection marks; null = 0x51 */
  readonly tag: number | null;
  /** of this machine itself, and a port; null = metrics are on the socket only */
  readonly metricsAddress: string | null;
};

type Parsed =
  | { readonly ok: true; readonly value: AgentConfig }
  /** one sentence a line, each with the path of its field */
  | { readonly ok: false; readonly error: string };

export const emptyConfig: AgentConfig = {
  callers: [],
  checkNetworks: null,
  farmNetworks: null,
  backendNetworks: null,
  sysctls: {},
  urgentPerS: null,
  structuralPerS: null,
  seriesBytes: null,
  tag: null,
  metricsAddress: null,
};

/** uid 65534 is what a user namespace shows for everybody it does not know */
const unknownUid = 65_534;
const uidMax = 0xffff_fffe;
const bytesPerMb = 1024 * 1024;

const whole = (min: number, max: number) =>
  z.int(`a whole number from ${min} to ${max}`).check(z.gte(min, `at least ${min}`), z.lte(max, `at most ${max}`));

/** name of a setting -> what it may be set to. Others are never written, whatever the file says. */
const sysctlRanges = {
  "net.netfilter.nf_conntrack_max": whole(1024, 100_000_000),
  "net.netfilter.nf_conntrack_tcp_timeout_time_wait": whole(1, 3600),
  "net.netfilter.nf_conntrack_tcp_loose": whole(0, 1),
  "net.netfilter.nf_conntrack_timestamp": whole(0, 1),
  "net.ipv4.ip_forward": whole(0, 1),
  "net.ipv6.conf.all.forwarding": whole(0, 1),
} as const;

const schema = z.strictObject({
  callers: z.optional(
    z.array(
      whole(0, uidMax).check(z.refine((uid) => uid !== unknownUid, "65534 stands for everybody who is not known")),
    ),
  ),
  checkNetworks: z.optional(networksSchema),
  farmNetworks: z.optional(networksSchema),
  backendNetworks: z.optional(networksSchema),
  sysctls: z.optional(
    z.strictObject({
      "net.netfilter.nf_conntrack_max": z.optional(sysctlRanges["net.netfilter.nf_conntrack_max"]),
      "net.netfilter.nf_conntrack_tcp_timeout_time_wait": z.optional(
        sysctlRanges["net.netfilter.nf_conntrack_tcp_timeout_time_wait"],
      ),
      "net.netfilter.nf_conntrack_tcp_loose": z.optional(sysctlRanges["net.netfilter.nf_conntrack_tcp_loose"]),
      "net.netfilter.nf_conntrack_timestamp": z.optional(sysctlRanges["net.netfilter.nf_conntrack_timestamp"]),
      "net.ipv4.ip_forward": z.optional(sysctlRanges["net.ipv4.ip_forward"]),
      "net.ipv6.conf.all.forwarding": z.optional(sysctlRanges["net.ipv6.conf.all.forwarding"]),
    }),
  ),
  limits: z.optional(
    z.strictObject({
      urgentPerS: z.optional(whole(1, 1_000_000)),
      structuralPerS: z.optional(whole(1, 1_000_000)),
      seriesMb: z.optional(whole(1, 4096)),
    }),
  ),
  tag: z.optional(whole(tagMin, tagMax)),
  metricsAddress: z.optional(
    z
      .string()
      .check(
        z.regex(/^(\[[0-9a-fA-F:.]+\]|[0-9.]+):[0-9]{1,5}$/, "an address and a port"),
        z.refine(isOwnAddress, "an address of this machine only (127.0.0.1 or [::1]) and a port from 1 to 65535"),
      ),
  ),
});

export function parseAgentConfig(text: string): Parsed {
  const document = parseDocument(text, { uniqueKeys: true });
  const [broken] = document.errors;
  if (broken !== undefined) return { ok: false, error: broken.message.split("\n")[0] ?? "not YAML" };
  const parsed = schema.safeParse(plain(document) ?? {});
  if (!parsed.success) return { ok: false, error: sentences(parsed.error.issues).join("\n") };
  const { callers, checkNetworks, farmNetworks, backendNetworks, sysctls, limits, tag, metricsAddress } = parsed.data;
  return {
    ok: true,
    value: {
      callers: callers ?? [],
      checkNetworks: checkNetworks?.flatMap(networkOf) ?? null,
      farmNetworks: farmNetworks?.flatMap(networkOf) ?? null,
      backendNetworks: backendNetworks?.flatMap(networkOf) ?? null,
      sysctls: Object.fromEntries(Object.entries(sysctls ?? {}).filter(([, value]) => value !== undefined)),
      urgentPerS: limits?.urgentPerS ?? null,
      structuralPerS: limits?.structuralPerS ?? null,
      seriesBytes: limits?.seriesMb === undefined ? null : limits.seriesMb * bytesPerMb,
      tag: tag ?? null,
      metricsAddress: metricsAddress ?? null,
    },
  };
}

/** Whoever reaches it may read it: nobody outside does. */
function isOwnAddress(text: string): boolean {
  const [, address = "", port = ""] = /^(.*):([0-9]+)$/.exec(text) ?? [];
  const isLoopback = address === "[::1]" || /^127(\.(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})){3}$/.test(address);
  return isLoopback && Number(port) >= 1 && Number(port) <= 65_535;
}

/** Aliases are refused: a small file must not become a large value. */
function plain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch {
    return "aliases are not allowed here";
  }
}

function networkOf(entry: string): Network[] {
  const network = parseNetwork(entry);
  return typeof network === "string" ? [] : [network];
}

type Issue = { readonly code?: string; readonly path: readonly PropertyKey[]; readonly message: string };

function sentences(issues: readonly Issue[]): string[] {
  return issues.flatMap((issue) => {
    const unknown: unknown = Reflect.get(issue, "keys");
    const keys = issue.code === "unrecognized_keys" && Array.isArray(unknown) ? unknown : null;
    if (keys !== null) return keys.map((key) => `${pathText([...issue.path, String(key)])}: there is no such field`);
    return [`${pathText(issue.path)}: ${issue.message}`];
  });
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the file";
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}
