/** "Who answers this client?": CLIENT[:PORT] and VIP:PORT[/PROTOCOL] as people write them. IPv6 with a port stands in brackets. */
import { canonicalAddress } from "../farm/address.ts";
import { limits } from "../farm/limits.ts";
import { fail, ok, type Result } from "../result.ts";

export type ClientQuery = {
  /** canonical */
  readonly client: string;
  /** null = not said; only a hash of ports needs it */
  readonly clientPort: number | null;
  /** canonical */
  readonly vip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "sctp";
};

const protocols = ["tcp", "udp", "sctp"] as const;

/** Fails as "invalid" with a sentence that shows the right form. */
export function parseClientQuery(client: string, target: string): Result<ClientQuery> {
  const from = parsePlace(client);
  if (!from.ok) return from;
  const [place = "", protocolText = "tcp", ...rest] = target.split("/");
  const protocol = protocols.find((each) => each === protocolText);
  if (protocol === undefined || rest.length > 0)
    return fail("invalid", `A protocol is tcp, udp or sctp, as in 192.168.0.40:53/udp, not "${shown(protocolText)}"`);
  const to = parsePlace(place);
  if (!to.ok) return to;
  const { address: vip, port } = to.value;
  if (port === null) return fail("invalid", `"${shown(target)}" names no port; write it like ${example(vip)}`);
  if (vip.includes(":") !== from.value.address.includes(":"))
    return fail("invalid", `${from.value.address} and ${vip} are of different families`);
  return ok({ client: from.value.address, clientPort: from.value.port, vip, port, protocol });
}

function parsePlace(text: string): Result<{ address: string; port: number | null }> {
  const bracketed = /^\[([^\]]*)\](?::([0-9]{1,5}))?$/.exec(text);
  const v4 = /^([^:]*):([0-9]{1,5})$/.exec(text);
  const [, address = text, portText] = bracketed ?? v4 ?? [];
  const parsed = canonicalAddress(address);
  if (!parsed.ok) return fail("invalid", parsed.error);
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > limits.portMax))
    return fail("invalid", `Port ${port} is outside 1 to 65,535`);
  return ok({ address: parsed.value, port });
}

function example(address: string): string {
  return address.includes(":") ? `[${address}]:80` : `${address}:80`;
}

function shown(text: string): string {
  return text.slice(0, 60);
}
