import { expect, test } from "vitest";
import { emptyConfig, parseAgentConfig } from "./agent-config.ts";
import { parseAgentEnv } from "./agent-env.ts";

const whole = `
callers: [1000, 1001]
checkNetworks: [10.0.0.0/8, "fd00::/8"]
farmNetworks: [192.0.2.0/24]
backendNetworks: [10.0.0.0/8, "fd00::/8"]
sysctls:
  net.netfilter.nf_conntrack_max: 262144
  net.netfilter.nf_conntrack_tcp_timeout_time_wait: 30
limits: { urgentPerS: 7, structuralPerS: 3, seriesMb: 64 }
tag: 0x23
metricsAddress: 127.0.0.1:9464
`;

test("a whole file becomes the agent's settings, and the launcher's environment goes before it", () => {
  const config = parseAgentConfig(whole);
  if (!config.ok) throw new Error(config.error);
  const env = parseAgentEnv({ SLUICE_ALLOWED_UIDS: "5", SLUICE_URGENT_PER_S: "1000" }, config.value);
  expect(env).toMatchObject({
    ok: true,
    value: {
      allowedUids: [5, 1000, 1001],
      urgentPerS: 1000,
      structuralPerS: 3,
      seriesBytes: 64 * 1024 * 1024,
      tag: 0x23,
      metricsAddress: "127.0.0.1:9464",
      sysctls: {
        "net.netfilter.nf_conntrack_max": 262_144,
        "net.netfilter.nf_conntrack_tcp_timeout_time_wait": 30,
      },
    },
  });
  const { checkNetworks, farmNetworks, backendNetworks } = config.value;
  expect([checkNetworks, farmNetworks, backendNetworks].map((each) => each?.length)).toEqual([2, 1, 2]);
});

test.each(["", "# nothing\n", "{}"])("an empty file (%j) leaves every default", (text) => {
  expect(parseAgentConfig(text)).toEqual({ ok: true, value: emptyConfig });
});

test.each([
  ["callrs: [1]", "callrs: there is no such field"],
  ["limits: { urgent: 1 }", "limits.urgent: there is no such field"],
  ["sysctls: { kernel.panic: 1 }", "sysctls.kernel.panic: there is no such field"],
  ["sysctls: { net.ipv4.ip_forward: 2 }", "sysctls.net.ipv4.ip_forward: at most 1"],
  ["callers: [root]", "callers[0]: a whole number"],
  ["callers: [65534]", "callers[0]: 65534 stands for everybody"],
  ["farmNetworks: [here]", 'farmNetworks[0]: "here" is not an address'],
  ["checkNetworks: [10.0.0.0/8, everywhere]", 'checkNetworks[1]: "everywhere" is not an address'],
  ["tag: 0x7e", "tag: at most 125"],
  ["tag: 0", "tag: at least 1"],
  ["metricsAddress: here", "metricsAddress: an address and a port"],
  [
    "metricsAddress: 0.0.0.0:9464",
    "metricsAddress: an address of this machine only (127.0.0.1 or [::1]) and a port from 1 to 65535",
  ],
  [
    "metricsAddress: 10.0.0.1:9464",
    "metricsAddress: an address of this machine only (127.0.0.1 or [::1]) and a port from 1 to 65535",
  ],
  [
    "metricsAddress: 127.0.0.1:0",
    "metricsAddress: an address of this machine only (127.0.0.1 or [::1]) and a port from 1 to 65535",
  ],
  ["- 1", "the file: "],
  ["tag: 1\ntag: 2", "unique"],
  ["callers: &a [1]\nlimits: *a", ""],
  ["callers: [", ""],
])("%j is refused with its path", (text, words) => {
  const parsed = parseAgentConfig(text);
  expect(parsed.ok).toBe(false);
  expect(parsed.ok ? "" : parsed.error).toContain(words);
});
